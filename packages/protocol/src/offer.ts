import type { Bucket } from '@fr/bucket';
import type { Quota, SignedDemand, TypeCount } from './demand/demand.ts';
import type { LeaseReply } from './lease.ts';

/** Who counts: a server's identity. A restored or cloned store opens a new epoch, so that totals never run backwards. */
export interface Origin {
  readonly id: string;
  readonly epoch: number;
}

/** One bucket of an offer: about 300 bytes, and all that is said before anything was asked. */
export interface OfferedBucket {
  readonly bucket: Bucket;
  /** Absolute total of this origin and epoch; merged by max, so that repeats and reordering do no harm. */
  readonly hits: number;
  /** How many pending entries of each information type the site holds. */
  readonly holds: readonly TypeCount[];
}

/** Body of `POST /v1/offers`. May be empty of buckets: then it only asks. */
export interface Offer {
  readonly protocol: number;
  readonly origin: Origin;
  readonly buckets: readonly OfferedBucket[];
}

/** What the destination holds for a bucket of this origin and epoch after the offer. */
export interface HeldTotal {
  readonly bucketId: string;
  readonly hits: number;
}

/**
 * Reply to an offer. `demands` and `quotas` are complete for this origin: what is not listed is not wanted (any more).
 * Only buckets this origin has offered are spoken of.
 */
export interface OfferReply {
  /** The vendor's public key (base64url of 32 bytes), to be checked against the fingerprint the site has pinned. */
  readonly key: string;
  readonly demands: readonly SignedDemand[];
  readonly quotas: readonly Quota[];
  readonly totals: readonly HeldTotal[];
  /**
   * Leases for samples that this offer says are held and that are wanted. Where it is absent the destination gives none:
   * then the quotas alone hold.
   */
  readonly leases?: LeaseReply;
}
