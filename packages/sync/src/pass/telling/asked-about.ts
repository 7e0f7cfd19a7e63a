import { bucketId } from '@fr/bucket';
import { MAX_OFFERED_BUCKETS, matchesBucket } from '@fr/protocol';
import type { StoredDemand } from '../../demand/stored-demand.ts';
import { mayOffer } from '../../policy/policy.ts';
import { type ChangedBucket, heldTypes } from './changed-buckets.ts';
import { knownBucket, type Telling, type TellingOptions } from './telling.ts';

/**
 * Buckets that these demands speak of and whose number of missing samples the destination has not said: those with a
 * pending entry that holds what is asked for, and those a demand names by their id. A page at a time; what the reply to
 * one page says keeps its buckets off the next.
 */
export async function* bucketsAskedAbout(
  options: TellingOptions,
  telling: Telling,
): AsyncGenerator<readonly ChangedBucket[]> {
  const { store } = options;
  const demands = (await store.demands.list()).filter(
    ({ demand, source, closedAt }) =>
      source === options.to &&
      closedAt === undefined &&
      (telling.asking.includes(demand.terms.id) || demand.terms.when?.hits !== undefined),
  );
  if (demands.length === 0) return;
  let page = new Map<string, ChangedBucket>();
  const seen = new RecentlySeen();
  for await (const id of candidates(options, demands)) {
    if (page.has(id) || seen.has(id)) continue;
    seen.add(id);
    const bucket = await askable(options, telling, demands, id);
    if (bucket) page.set(id, bucket);
    if (page.size < MAX_OFFERED_BUCKETS) continue;
    yield [...page.values()];
    page = new Map();
  }
  if (page.size > 0) yield [...page.values()];
}

async function* candidates(
  { store }: TellingOptions,
  demands: readonly StoredDemand[],
): AsyncGenerator<string> {
  for (const { demand } of demands) if (demand.terms.pattern.bucketId) yield demand.terms.pattern.bucketId;
  for await (const { header } of store.entries.pending()) {
    const types = new Set(header.parts.map(({ type }) => type));
    const fits = demands.some(
      ({ demand: { terms } }) =>
        terms.types.some(({ type }) => types.has(type)) && matchesBucket(terms.pattern, header.bucket),
    );
    if (fits) yield bucketId(header.bucket);
  }
}

async function askable(
  options: TellingOptions,
  telling: Telling,
  demands: readonly StoredDemand[],
  id: string,
): Promise<ChangedBucket | undefined> {
  const { store, policy, programs, to } = options;
  const row = await store.queries.bucket(id);
  if (!row || !mayOffer(policy, row.bucket.program, to, programs)) return undefined;
  const said = await store.quotas.list(id);
  const open = demands.some(
    ({ demand: { terms } }) =>
      matchesBucket(terms.pattern, row.bucket) &&
      terms.types.some(({ type }) => {
        const quota = said.find((one) => one.demandId === terms.id && one.type === type);
        // What is asked from so many hits on may be wanted by now: others have hits too.
        return quota === undefined || (quota.count === 0 && terms.when?.hits !== undefined);
      }),
  );
  if (!open) return undefined;
  const holds = await heldTypes(options, id);
  // Its count is told when it changes: totals are merged by max, and 0 says nothing.
  return { bucketId: id, bucket: row.bucket, hits: 0, holds, known: await knownBucket(options, telling, id) };
}

/** The last few thousand ids: a million entries lie in some thousand buckets, and one that is seen twice does no harm. */
class RecentlySeen {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    if (this.#ids.size >= 4 * MAX_OFFERED_BUCKETS) this.#ids.clear();
    this.#ids.add(id);
  }
}
