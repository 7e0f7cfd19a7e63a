import { bucketId } from '@fr/bucket';
import type { DropReport, HeldTotal, Hit, HitResult, Origin } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import { STEP_MS } from '../contract/history.ts';
import type { BucketTotal, ChangedTotals, Hits } from '../contract/hits.ts';
import type { MemoryState } from './memory-state.ts';

/** Counts in maps. */
export function memoryHits(state: MemoryState): Hits {
  return {
    record: async (hits, receivedAt) => {
      state.checkOpen();
      return hits.map((hit) => recordHit(state, hit, receivedAt));
    },
    recordDrops: async (report) => {
      state.checkOpen();
      return recordDrops(state, report);
    },
    merge: async (origin, totals, receivedAt) => {
      state.checkOpen();
      return totals.map((total) => mergeTotal(state, origin, total, receivedAt));
    },
    changedSince: async (cursor, limit, epoch) => {
      state.checkOpen();
      return changedSince(state, cursor, limit, epoch);
    },
  };
}

function recordHit(state: MemoryState, hit: Hit, receivedAt: number): HitResult {
  const result = settleHit(state, hit, receivedAt);
  state.count('hits', 'received');
  state.count('hits', result.result, result.reason);
  return result;
}

function recordDrops(
  state: MemoryState,
  { reportId, counts }: DropReport,
): 'counted' | 'duplicate' | 'malformed' {
  const id = normaliseId(reportId);
  if (id === undefined) return 'malformed';
  const dedupeKey = `\n${id}`;
  if (state.reportIds.has(dedupeKey)) return 'duplicate';
  state.reportIds.add(dedupeKey);
  for (const { reason, count } of counts) state.count('hits', 'dropped', reason, count);
  return 'counted';
}

function settleHit(state: MemoryState, hit: Hit, receivedAt: number): HitResult {
  const { reportId, count, bucket } = hit;
  const id = normaliseId(reportId);
  if (id === undefined || !Number.isSafeInteger(count) || count < 1)
    return { reportId, result: 'refused', reason: 'malformed' };
  const dedupeKey = `${bucket.program}\n${id}`;
  if (state.reportIds.has(dedupeKey)) return { reportId, result: 'duplicate' };
  const held = state.buckets.get(bucketId(bucket))?.totals.get(state.ownKey()) ?? 0;
  if (held + count > Number.MAX_SAFE_INTEGER) return { reportId, result: 'refused', reason: 'overflow' };
  const known = state.know(bucket, receivedAt);
  state.reportIds.add(dedupeKey);
  known.totals.set(state.ownKey(), held + count);
  const minute = Math.floor(receivedAt / STEP_MS.minute);
  known.minutes.set(minute, (known.minutes.get(minute) ?? 0) + count);
  known.lastSeen = Math.max(known.lastSeen, receivedAt);
  state.touch(known);
  return { reportId, result: 'counted' };
}

function mergeTotal(state: MemoryState, origin: Origin, total: BucketTotal, receivedAt: number): HeldTotal {
  const known = state.know(total.bucket, receivedAt);
  const key = `${origin.id}/${origin.epoch}`;
  const held = known.totals.get(key);
  if (held === undefined || total.hits > held) {
    known.totals.set(key, total.hits);
    known.lastSeen = Math.max(known.lastSeen, receivedAt);
  }
  return { bucketId: known.bucketId, hits: Math.max(held ?? 0, total.hits) };
}

function changedSince(
  state: MemoryState,
  cursor: number,
  limit: number,
  epoch: number = state.origin.epoch,
): ChangedTotals {
  const changed = [...state.buckets.values()]
    .filter((known) => known.changed > cursor)
    .sort((a, b) => a.changed - b.changed)
    .slice(0, limit);
  return {
    totals: changed.map(({ bucket, totals }) => ({
      bucket,
      hits: totals.get(`${state.origin.id}/${epoch}`) ?? 0,
    })),
    cursor: changed.at(-1)?.changed ?? cursor,
  };
}
