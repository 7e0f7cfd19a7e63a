/** What may stay at the most. A limit that is left out does not hold. */
export interface RetentionLimits {
  /** Entries of one bucket. */
  readonly bucketEntries?: number;
  /** Bytes of one bucket's entries; its most useful entry stays whatever it weighs. */
  readonly bucketBytes?: number;
  /** Milliseconds since an entry was stored. */
  readonly ageMs?: number;
  /** Bytes of all entries together. */
  readonly totalBytes?: number;
}

/** By which limit an entry went, in the order in which they are looked at. */
export const RETENTION_REASONS = [
  'retention-age',
  'retention-count',
  'retention-bytes',
  'retention-total',
] as const;

export type RetentionReason = (typeof RETENTION_REASONS)[number];

/** An entry that goes, and why. */
export interface Removal {
  readonly entryId: string;
  readonly bucketId: string;
  readonly bytes: number;
  readonly reason: RetentionReason;
}

/** What one look at all entries came to. */
export interface RetentionReport {
  readonly removed: readonly Removal[];
  readonly kept: { readonly entries: number; readonly bytes: number };
}
