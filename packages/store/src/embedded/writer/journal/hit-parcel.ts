/**
 * Hits on their way from the calling thread to the writer's: numbers and ids side by side in one block of bytes, since
 * handing over objects costs more than counting them. A bucket travels in words once; then it goes by its number.
 * @module
 */
import type { NamedBucket } from '../write.ts';

/** Hits of several calls, in the order of the calls. */
export interface HitParcel {
  /** Calls, each `receivedAt f64, hits u32`, and behind it its hits, {@link HIT_BYTES} each. */
  readonly bytes: Uint8Array;
  /** Buckets not named before, the first of which has the number `firstBucket`; 0: older numbers are void. */
  readonly buckets: readonly NamedBucket[];
  readonly firstBucket: number;
}

export const CALL_BYTES = 12;
/** `report id, 16 bytes; bucket u32; count f64`. */
export const HIT_BYTES = 28;
/** In place of a bucket's number: the id or the count is none. */
export const MALFORMED = 0xffffffff;

/** What became of a hit, a byte each, in the order of the parcel. */
export const COUNTED = 0;
export const DUPLICATE = 1;
export const REFUSED_MALFORMED = 2;
export const REFUSED_OVERFLOW = 3;
