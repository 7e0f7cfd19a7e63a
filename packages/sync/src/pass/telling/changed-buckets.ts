import { type Bucket, bucketId } from '@fr/bucket';
import { MAX_OFFERED_BUCKETS, type TypeCount } from '@fr/protocol';
import { mayOffer } from '../../policy/policy.ts';
import { type KnownBucket, knownBucket, type Telling, type TellingOptions, toldTo } from './telling.ts';

/** One bucket to be told of. */
export interface ChangedBucket {
  readonly bucketId: string;
  readonly bucket: Bucket;
  readonly hits: number;
  /** What pending entries hold. */
  readonly holds: readonly TypeCount[];
  /** How the destination knows it already. */
  readonly known: KnownBucket | undefined;
}

/** Buckets to be told of, and how far that gets us. May be empty where only unlisted programs changed. */
export interface ChangedBuckets {
  readonly buckets: readonly ChangedBucket[];
  readonly cursor: number;
}

/** Information types of one bucket that wait to be asked for; not more than an offer may name. */
const MAX_HOLDS = 64;
/** Entries of one bucket that are looked at to say what it holds. */
const MAX_ENTRIES = 1000;

/**
 * Everything that changed since the destination last acknowledged, a page at a time, without the buckets of programs that
 * are not listed for it: not even their names may leave. `epoch`: totals of a closed epoch instead, from the start.
 */
export async function* changedBuckets(
  options: TellingOptions,
  telling: Telling,
  epoch?: number,
): AsyncGenerator<ChangedBuckets> {
  const { store, policy, programs, to } = options;
  let cursor = epoch === undefined ? toldTo(telling) : 0;
  for (let more = true; more; ) {
    const page = await store.hits.changedSince(cursor, MAX_OFFERED_BUCKETS, epoch);
    const listed = page.totals.filter(
      ({ bucket, hits }) =>
        mayOffer(policy, bucket.program, to, programs) && (epoch === undefined || hits > 0),
    );
    const buckets: ChangedBucket[] = [];
    for (const { bucket, hits } of listed) {
      const id = bucketId(bucket);
      const holds = epoch === undefined ? await heldTypes(options, id) : [];
      const known = epoch === undefined ? await knownBucket(options, telling, id) : undefined;
      buckets.push({ bucketId: id, bucket, hits, holds, known });
    }
    more = page.totals.length === MAX_OFFERED_BUCKETS && page.cursor > cursor;
    cursor = page.cursor;
    yield { buckets, cursor };
  }
}

/** How many pending entries of a bucket hold each type. */
export async function heldTypes(
  { store }: Pick<TellingOptions, 'store'>,
  id: string,
): Promise<readonly TypeCount[]> {
  const { rows } = await store.queries.entries({ bucketId: id, limit: MAX_ENTRIES });
  const counts = new Map<string, number>();
  for (const type of rows.flatMap(({ state, types }) => (state === 'pending' ? types : [])))
    counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_HOLDS)
    .map(([type, count]) => ({ type, count }));
}

/** What is held, as one text to compare. */
export function holdsText(holds: readonly TypeCount[]): string {
  return holds.map(({ type, count }) => `${type} ${count}`).join(',');
}

/** Whether a bucket says more than that its count has changed. */
export function isNews({ known, holds }: ChangedBucket): boolean {
  return known === undefined || known.holds !== holdsText(holds);
}
