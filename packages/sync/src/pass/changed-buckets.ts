import { bucketId } from '@fr/bucket';
import { MAX_OFFERED_BUCKETS, type OfferedBucket, type Origin, type TypeCount } from '@fr/protocol';
import { mayOffer } from '../policy/policy.ts';
import { type CursorOptions, readCursor } from './cursor.ts';
import type { HeldEntry } from './site-store.ts';

/** Buckets to be told of, and how far that gets us. May be empty where only unlisted programs changed. */
export interface ChangedBuckets {
  readonly buckets: readonly OfferedBucket[];
  readonly cursor: number;
}

/** Information types of one bucket that wait to be asked for; not more than an offer may name. */
const MAX_HOLDS = 64;

/**
 * Everything that changed since the destination last answered, a page at a time, without the buckets of programs that
 * are not listed for it: not even their names may leave.
 */
export async function* changedBuckets(
  options: CursorOptions,
  origin: Origin,
  pending: readonly HeldEntry[],
): AsyncGenerator<ChangedBuckets> {
  const { store, policy, programs, to } = options;
  const holds = heldTypes(pending);
  let cursor = await readCursor(options, origin);
  for (let more = true; more; ) {
    const page = await store.hits.changedSince(cursor, MAX_OFFERED_BUCKETS);
    const listed = page.totals.filter(({ bucket }) => mayOffer(policy, bucket.program, to, programs));
    const buckets = listed.map(({ bucket, hits }) => ({
      bucket,
      hits,
      holds: holds.get(bucketId(bucket)) ?? [],
    }));
    more = page.totals.length === MAX_OFFERED_BUCKETS && page.cursor > cursor;
    cursor = page.cursor;
    yield { buckets, cursor };
  }
}

function heldTypes(pending: readonly HeldEntry[]): ReadonlyMap<string, readonly TypeCount[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const { header } of pending) {
    const id = bucketId(header.bucket);
    const types = counts.get(id) ?? new Map<string, number>();
    for (const { type } of header.parts) types.set(type, (types.get(type) ?? 0) + 1);
    counts.set(id, types);
  }
  return new Map(
    [...counts].map(([id, types]) => [
      id,
      [...types].slice(0, MAX_HOLDS).map(([type, count]) => ({ type, count })),
    ]),
  );
}
