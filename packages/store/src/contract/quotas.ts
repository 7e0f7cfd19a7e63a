import type { Quota } from '@fr/protocol';

/** How many samples upstream still wants, by bucket, as it said the last time. */
export interface Quotas {
  /** Replaces those of these buckets from one source; those of others stay. */
  replace(source: string, bucketIds: readonly string[], quotas: readonly Quota[]): Promise<void>;
  /** For one bucket or for all. */
  list(bucketId?: string): Promise<readonly Quota[]>;
}
