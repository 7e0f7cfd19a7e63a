import type { Bucket } from '@fr/bucket';
import type { DropReport, HeldTotal, Hit, HitResult, Origin } from '@fr/protocol';

/** A bucket with the absolute total of one origin. */
export interface BucketTotal {
  readonly bucket: Bucket;
  readonly hits: number;
}

/** Buckets that changed, oldest change first, and where to go on from. */
export interface ChangedTotals {
  readonly totals: readonly BucketTotal[];
  /** Pass it back to get what changed after these. */
  readonly cursor: number;
}

/** Counts. Totals per bucket only grow within an epoch, and are never read, changed and written back. */
export interface Hits {
  /**
   * Counts each hit once per program and report id, in one transaction with its dedupe id. Refuses what cannot be
   * counted: `malformed` (id or count), `overflow` (a total above 2^53 - 1). Resolves when durable, in the order given;
   * rejects with `storage-full`, `storage-failed` or `busy` when nothing of the call was kept.
   */
  record(hits: readonly Hit[], receivedAt: number): Promise<readonly HitResult[]>;
  /**
   * Counts what a reporter has given up, once per report id: as `dropped` among the outcomes of hits, by reason, in
   * occurrences. `malformed` where the id is none. Resolves when durable.
   */
  recordDrops(report: DropReport, receivedAt: number): Promise<'counted' | 'duplicate' | 'malformed'>;
  /** Merges another origin's absolute totals by max, per (origin, epoch, bucket); returns what is held afterwards. */
  merge(origin: Origin, totals: readonly BucketTotal[], receivedAt: number): Promise<readonly HeldTotal[]>;
  /**
   * Own buckets whose total or entries changed after the cursor (0: all), at most `limit`; with the totals of `epoch`,
   * by default the present one.
   */
  changedSince(cursor: number, limit: number, epoch?: number): Promise<ChangedTotals>;
}
