/**
 * Leases: promises, for a limited time and with a fencing number, that their holder may deliver so many of the samples
 * that are wanted. The same on both hops: a destination gives them to sites, a file server to reporters. They are outside
 * every signature, because they widen nothing: a lease lets through what a signed demand asks for, later or not at all.
 * @module
 */

/** Bytes above which a part is heavy: it travels under a lease or not at all. */
export const HEAVY_PART_BYTES: number = 64 * 1024;

/** What a lease is for: bytes that are there, or the right to collect what is not there yet. */
export const LEASE_PURPOSES = ['deliver', 'collect'] as const;
export type LeasePurpose = (typeof LEASE_PURPOSES)[number];

/** What a lease is about: samples of one type, of one bucket, for one demand. */
export interface LeaseSubject {
  readonly demandId: string;
  readonly bucketId: string;
  readonly type: string;
  readonly for: LeasePurpose;
}

/** A lease as it is given. Who gets it counts its end from the receipt, less the time the question was under way. */
export interface Lease extends LeaseSubject {
  /** Samples that may be delivered under it, at least 1. */
  readonly count: number;
  /** The fencing number: unique and rising at the one who gives it; shown with what is delivered. At most 15 digits. */
  readonly fence: number;
  readonly expiresInMs: number;
}

/** One question. With the fence of a lease that is held, to renew it or, with `count` 0, to give it back. */
export interface LeaseAsk extends LeaseSubject {
  readonly count: number;
  readonly fence?: number;
}

/**
 * Why there is no lease. `not-wanted`: nothing (more) of it is wanted. `leased-out`: others have leases for all that is
 * wanted; worth another question after `retryAfterMs`.
 */
export const LEASE_REFUSALS = ['not-wanted', 'leased-out'] as const;
export type LeaseRefusalReason = (typeof LEASE_REFUSALS)[number];

/** A lease that is not given. */
export interface LeaseRefusal extends LeaseSubject {
  readonly reason: LeaseRefusalReason;
  readonly retryAfterMs?: number;
}

/** Body of `POST /v1/leases`, on both hops. */
export interface LeaseRequest {
  readonly protocol: number;
  /** Who asks: a site's origin id, or the id of the failure a reporter asks for. Asking twice gives one lease. */
  readonly holder: string;
  readonly asks: readonly LeaseAsk[];
}

/** What is given and what is not: one or the other for every ask that is not a return. */
export interface LeaseReply {
  readonly given: readonly Lease[];
  readonly refused: readonly LeaseRefusal[];
}

/** Types that hurt the program they are taken of: even collecting one takes a lease. */
const COLLECTED_UNDER_LEASE: ReadonlySet<string> = new Set(['heap-snapshot', 'minidump', 'core']);

/** Whether a type is collected only under a lease, and not merely delivered. */
export function isCollectedUnderLease(type: string): boolean {
  return COLLECTED_UNDER_LEASE.has(type);
}

/** Most fences one upload may show. */
const MAX_FENCES = 64;

/** The value of the header `fr-lease` for an upload under these leases: a list of integers (RFC 9651). */
export function printFences(fences: readonly number[]): string {
  return fences.join(', ');
}

/** The fences in an `fr-lease` header; none where there is no header, nothing where it is not a list of them. */
export function parseFences(header: string | undefined): readonly number[] | undefined {
  if (header === undefined) return [];
  if (!/^\d{1,15}(?:[ \t]*,[ \t]*\d{1,15})*$/.test(header)) return undefined;
  const fences = header.split(',').map(Number);
  return fences.length <= MAX_FENCES ? fences : undefined;
}
