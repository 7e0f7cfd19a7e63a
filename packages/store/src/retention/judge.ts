import { bucketId } from '@fr/bucket';
import type { StoredDemand } from '../contract/demands.ts';
import type { StoredEntry } from '../contract/entries.ts';
import type { RetentionLimits, RetentionReport } from '../contract/retention.ts';
import { judgeBucket } from './judge-bucket.ts';
import { judgeTotal } from './judge-total.ts';

/** What goes of all entries, and why; changes nothing. */
export function judge(
  entries: readonly StoredEntry[],
  demands: readonly StoredDemand[],
  limits: RetentionLimits,
  now: number,
): RetentionReport {
  const buckets = Map.groupBy(entries, ({ header }) => bucketId(header.bucket));
  const judgements = [...buckets].map(([id, held]) => judgeBucket(id, held, demands, limits, now));
  const stay = judgements.flatMap((one) => one.stay);
  const beyond = judgeTotal(stay, limits);
  const removed = [...judgements.flatMap(({ go }) => go), ...beyond];
  return { removed, kept: keptOf(stay, beyond) };
}

/** Sums of those that stay in their buckets without those that go for all of them. */
export function keptOf(
  stay: readonly { readonly bytes: number }[],
  beyond: readonly { readonly bytes: number }[],
): RetentionReport['kept'] {
  const bytes = (list: typeof stay) => list.reduce((sum, one) => sum + one.bytes, 0);
  return { entries: stay.length - beyond.length, bytes: bytes(stay) - bytes(beyond) };
}
