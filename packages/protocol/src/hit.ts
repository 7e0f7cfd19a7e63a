import type { Bucket } from '@fr/bucket';
import type { SignedAnswer } from './answer.ts';
import type { SignedDemand } from './demand/demand.ts';
import type { Succession } from './succession.ts';

/** What became of the host after its failure. */
export const OUTCOMES = ['fatal', 'survived', 'handled', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Occurrences of a bucket. A retry repeats it to the letter; it never grows after its first send attempt. */
export interface Hit {
  /** Id of the failure this stands for; counted once per id for at least 45 days. */
  readonly reportId: string;
  readonly bucket: Bucket;
  /** How many occurrences it stands for: 1, or more where a surviving host folded repeats. */
  readonly count: number;
  readonly outcome: Outcome;
  /** When it happened by the host's clock, milliseconds since 1970. For people; never used for order or retention. */
  readonly at: number;
}

/**
 * Why a reporter gave occurrences up before any server heard of them. A receiver counts a reason it does not know as
 * `other`: the list is closed, so that nobody can fill a server with invented ones.
 */
export const DROP_REASONS = [
  'spool-full',
  'spool-bytes',
  'unwritable',
  'too-old',
  'unreadable',
  'malformed',
  'withdrawn',
  'host',
  'unseen',
  'other',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Occurrences given up for one reason. */
export interface DropCount {
  readonly reason: DropReason;
  readonly count: number;
}

/** Occurrences a reporter has lost since its last report of this kind. A retry repeats it to the letter. */
export interface DropReport {
  /** Made by the reporter; counted once per id, as the ids of hits are. */
  readonly reportId: string;
  readonly counts: readonly DropCount[];
}

/** Body of `POST /v1/hits`. */
export interface HitsRequest {
  readonly protocol: number;
  readonly hits: readonly Hit[];
  readonly drops?: DropReport;
  /** Nothing of this is counted; the reply says how hits like these are received. */
  readonly test?: boolean;
}

/** What became of one hit at the server. */
export interface HitResult {
  readonly reportId: string;
  readonly result: 'counted' | 'duplicate' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
}

/**
 * Reply to hits that have consequences. When all were counted (or were duplicates) and nothing is wanted or told, the
 * reply is a bare 204 instead.
 */
export interface HitsReply {
  readonly results: readonly HitResult[];
  /** What is wanted for the buckets in the request, signed by the site; never anything about other buckets. */
  readonly demands: readonly SignedDemand[];
  /** What the site tells about the buckets in the request; complete, so that what is not here is not said any more. */
  readonly answers?: readonly SignedAnswer[];
  /** The site's public key (base64url of 32 bytes), to be checked against the fingerprint the reporter has pinned. */
  readonly key: string;
  /** How it came to that key, oldest first; absent where it never had another. */
  readonly succession?: readonly Succession[];
}
