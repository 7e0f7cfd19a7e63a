import { isBucketId, isProblemId } from '@fr/bucket';
import { listingVerbs, neededParam, nothingCalled, printBucket, showEntry, type Verb } from '@fr/server';
import type { Vendor } from '../vendor/vendor.ts';
import { demandsOf, printDemand } from './demand-verbs.ts';
import { printFix } from './fix-verbs.ts';

/** Here every entry is simply stored. */
const COUNTS = {
  entryCounts: ({
    pending,
    uploaded,
  }: {
    readonly pending: number;
    readonly uploaded: number;
  }): Record<string, number> => ({ stored: pending + uploaded }),
};

/** `buckets`, `problems`, `entries`, `show`: what sites have offered and handed in. */
export function lookVerbs(vendor: Vendor, now: () => number): readonly Verb[] {
  return [
    ...listingVerbs({
      queries: vendor.store.queries,
      ...COUNTS,
      entryStates: async (rows) => rows.map(() => 'stored'),
    }),
    { name: 'show', acts: false, run: (params) => show(vendor, neededParam(params, 'id'), now()) },
  ];
}

async function show(vendor: Vendor, id: string, now: number): Promise<unknown> {
  const { queries, demands, entries } = vendor.store;
  if (isBucketId(id)) {
    const row = await queries.bucket(id);
    if (!row) throw nothingCalled(id);
    const held = (await queries.entries({ bucketId: id })).rows.map((entry) => ({
      ...entry,
      state: 'stored',
    }));
    return {
      ...printBucket(row, COUNTS),
      entryList: held,
      demands: await demandsOf(vendor, row.bucket, now),
    };
  }
  if (isProblemId(id)) {
    const buckets = (await queries.buckets({ problemId: id })).rows;
    if (buckets.length === 0) throw nothingCalled(id);
    const fix = (await vendor.fixes.list()).find(({ problemId }) => problemId === id);
    return {
      problemId: id,
      ...(fix ? { fix: printFix(fix) } : {}),
      buckets: buckets.map((row) => printBucket(row, COUNTS)),
    };
  }
  const demand = (await demands.list()).find((stored) => stored.demand.terms.id === id);
  if (demand) return { ...printDemand(demand, await demands.credits(), now), signed: demand.demand };
  const shown = await showEntry(entries, id, async () => 'stored');
  if (!shown) throw nothingCalled(id);
  return shown;
}
