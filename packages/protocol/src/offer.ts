import type { Bucket } from '@fr/bucket';
import type { Quota, SignedDemand, TypeCount } from './demand/demand.ts';
import type { LeaseReply } from './lease.ts';
import type { Succession } from './succession.ts';

/** Who counts: a server's identity. A restored or cloned store opens a new epoch, so that totals never run backwards. */
export interface Origin {
  readonly id: string;
  readonly epoch: number;
}

/**
 * A place in what one origin tells in one epoch: how far it has told, and a random number by which this place is known
 * again. Where two disks tell in one name, their places differ.
 */
export interface Mark {
  readonly cursor: number;
  /** From 1; see `Offer.after`. */
  readonly nonce: number;
}

/** Stands for the mark of a destination that holds none. */
export const NOTHING_TOLD = 0;

/** One bucket of an offer in full: what is said of it before the destination has its number. */
export interface OfferedBucket {
  readonly bucket: Bucket;
  /** Absolute total of this origin and epoch; merged by max, so that repeats and reordering do no harm. */
  readonly hits: number;
  /** How many pending entries of each information type the site holds. */
  readonly holds: readonly TypeCount[];
  /** What the bucket is called from now on, where the destination takes this offer. */
  readonly number?: number;
}

/** A bucket the destination has been told of in full: by its number. */
export interface NumberedBucket {
  readonly number: number;
  readonly hits: number;
  /** Absent: as told before. */
  readonly holds?: readonly TypeCount[];
}

/** Body of `POST /v1/offers`. May be empty of buckets: then it only asks. */
export interface Offer {
  readonly protocol: number;
  readonly origin: Origin;
  /** Where the destination is when it takes this offer. Absent: the totals are all that is told. */
  readonly mark?: Mark;
  /**
   * Nonces of the marks the destination may be at for this offer to follow on: the last one it has acknowledged, and
   * those sent since without a reply; {@link NOTHING_TOLD} where it has acknowledged none, which is also the default.
   */
  readonly after?: readonly number[];
  /** Under which the numbers of this offer hold; another table, other numbers. */
  readonly table?: number;
  readonly buckets: readonly OfferedBucket[];
  readonly numbered?: readonly NumberedBucket[];
  /** Tag of the demands the site has: where it is still the right one, the reply does not repeat them. */
  readonly tag?: string;
}

/**
 * Reply to an offer. Of the buckets of the offer, `quotas` is complete: what is not listed is not wanted any more. Of others
 * nothing is said.
 */
export interface OfferReply {
  /** The vendor's public key (base64url of 32 bytes), to be checked against the fingerprint the site has pinned. */
  readonly key: string;
  /** How it came to that key, oldest first; absent where it never had another. */
  readonly succession?: readonly Succession[];
  /** All demands that speak of a bucket of this origin. Absent where the offer's tag is theirs. */
  readonly demands?: readonly SignedDemand[];
  /** Stands for `demands`; at most 64 characters. Absent where the destination always lists them. */
  readonly tag?: string;
  readonly quotas: readonly Quota[];
  /** Quotas were left out for want of room: what is not listed is unknown. */
  readonly partial?: boolean;
  /**
   * Where the destination is with this origin and epoch now; {@link NOTHING_TOLD} where it holds nothing of it. Absent: it keeps
   * no marks, has taken the offer, and has to be told of every bucket in full.
   */
  readonly mark?: Mark;
  /**
   * Leases for samples that this offer says are held and that are wanted. Where it is absent the destination gives none:
   * then the quotas alone hold.
   */
  readonly leases?: LeaseReply;
}

/** What a store holds for a bucket of one origin and epoch. */
export interface HeldTotal {
  readonly bucketId: string;
  readonly hits: number;
}
