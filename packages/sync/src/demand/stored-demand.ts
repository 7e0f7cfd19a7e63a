import type { Quota, SignedDemand } from '@fr/protocol';

/** A person's decision on a demand, bound to the hash of the terms that were read. */
export interface Approval {
  readonly decision: 'approved' | 'denied';
  readonly termsHash: string;
  readonly by: string;
  readonly at: number;
}

/** A demand as a store keeps it. */
export interface StoredDemand {
  readonly demand: SignedDemand;
  /** `own`, or the origin (scheme, host, port) of the destination it came from. */
  readonly source: string;
  readonly seenAt: number;
  readonly closedAt?: number;
  readonly approval?: Approval;
}

/** Samples counted towards a demand. `scope` is a bucket id, or empty for the demand as a whole. */
export interface CreditCount {
  readonly demandId: string;
  readonly scope: string;
  readonly type: string;
  readonly accepted: number;
}

/** Whether a demand can still be met: neither closed nor past its end. */
export function isOpen(stored: StoredDemand, now: number): boolean {
  return stored.closedAt === undefined && stored.demand.terms.until > now;
}

/** What the counts of a demand are kept for: the bucket, or nothing where they hold for the demand as a whole. */
export function scopeOf(stored: StoredDemand, bucketId: string): string {
  return stored.demand.terms.each === 'bucket' ? bucketId : '';
}

/** How many samples of a type the signed terms ask for; 0 where they do not name it. */
export function signedCount(stored: StoredDemand, type: string): number {
  return stored.demand.terms.types.find((wanted) => wanted.type === type)?.count ?? 0;
}

/** How many samples of a type are wanted of a bucket: as the destination says of it; where it has not, what was signed. */
export function quotaOf(quotasOfBucket: readonly Quota[], stored: StoredDemand, type: string): number {
  const { id } = stored.demand.terms;
  const said = quotasOfBucket.find((quota) => quota.demandId === id && quota.type === type)?.count;
  return Math.min(said ?? Number.POSITIVE_INFINITY, signedCount(stored, type));
}
