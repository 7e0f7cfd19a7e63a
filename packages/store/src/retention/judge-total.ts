import type { Removal, RetentionLimits } from '../contract/retention.ts';
import type { Ranked } from './judge-bucket.ts';

/** Goes below the limit by a twentieth, so that not every further arrival means a look at everything. */
const DOWN_TO = 0.95;

/**
 * What goes when all buckets together are too much: from each bucket the least useful first, so that as many faults as
 * possible keep a sample; of equally useful ones the oldest; what is awaited by a demand when nothing else is left.
 */
export function judgeTotal(stay: readonly Ranked[], limits: RetentionLimits): readonly Removal[] {
  const { totalBytes = Number.POSITIVE_INFINITY } = limits;
  let bytes = stay.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= totalBytes) return [];
  const go: Removal[] = [];
  for (const one of stay.toSorted(leastUsefulFirst)) {
    if (bytes <= totalBytes * DOWN_TO) break;
    bytes -= one.bytes;
    go.push({ entryId: one.entryId, bucketId: one.bucketId, bytes: one.bytes, reason: 'retention-total' });
  }
  return go;
}

function leastUsefulFirst(one: Ranked, other: Ranked): number {
  if (one.isAwaited !== other.isAwaited) return one.isAwaited ? 1 : -1;
  if (one.rank !== other.rank) return other.rank - one.rank;
  return one.storedAt - other.storedAt || (one.entryId < other.entryId ? -1 : 1);
}
