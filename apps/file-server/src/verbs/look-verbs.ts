import { isBucketId, isProblemId } from '@fr/bucket';
import { listingVerbs, neededParam, nothingCalled, printBucket, showEntry, type Verb } from '@fr/server';
import type { EntryRow } from '@fr/store';
import { decide, entryStanding } from '@fr/sync';
import type { Site } from '../site/site.ts';
import { decisionContext } from './decision-context.ts';
import { demandsOf, printDemand } from './demand-verbs.ts';

const COUNTS = {
  entryCounts: (entries: {
    readonly pending: number;
    readonly uploaded: number;
  }): Record<string, number> => ({ ...entries }),
};

/** `buckets`, `problems`, `entries`, `show`: what the site holds. */
export function lookVerbs(site: Site, now: () => number): readonly Verb[] {
  return [
    ...listingVerbs({
      queries: site.store.queries,
      ...COUNTS,
      entryStates: (rows) => entryStates(site, rows, now()),
    }),
    { name: 'show', acts: false, run: (params) => show(site, neededParam(params, 'id'), now()) },
  ];
}

async function entryStates(site: Site, rows: readonly EntryRow[], now: number): Promise<readonly string[]> {
  const context = await decisionContext(site, now);
  return await Promise.all(
    rows.map(async (row) => {
      if (row.state === 'uploaded') return row.state;
      const content = await site.store.entries.read(row.entryId);
      return content ? entryStanding({ ...context, entry: content.entry }) : row.state;
    }),
  );
}

async function show(site: Site, id: string, now: number): Promise<unknown> {
  const { queries, demands, entries } = site.store;
  if (isBucketId(id)) {
    const row = await queries.bucket(id);
    if (!row) throw nothingCalled(id);
    const held = (await queries.entries({ bucketId: id })).rows;
    return { ...printBucket(row, COUNTS), entryList: held, demands: await demandsOf(site, row, now) };
  }
  if (isProblemId(id)) {
    const buckets = (await queries.buckets({ problemId: id })).rows;
    if (buckets.length === 0) throw nothingCalled(id);
    return { problemId: id, buckets: buckets.map((row) => printBucket(row, COUNTS)) };
  }
  const demand = (await demands.list()).find((stored) => stored.demand.terms.id === id);
  if (demand) return { ...printDemand(site, demand, now), signed: demand.demand };
  const context = await decisionContext(site, now);
  let decision: object = {};
  const shown = await showEntry(entries, id, async ({ entry }) => {
    decision = decide({ ...context, entry });
    return entryStanding({ ...context, entry });
  });
  if (!shown) throw nothingCalled(id);
  return { ...shown, decision };
}
