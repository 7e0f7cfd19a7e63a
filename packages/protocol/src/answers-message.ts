import type { SignedVendorAnswer } from './answer.ts';
import type { Succession } from './succession.ts';

/** Body of `POST /v1/answers`: a site asks its vendor what may be told of the buckets it has offered. */
export interface AnswersRequest {
  readonly protocol: number;
  /** The site's origin. */
  readonly originId: string;
  /** Tag of the list the site has: where it is still the right one, the reply does not repeat it. */
  readonly tag?: string;
}

/** Reply to it. `answers` is complete for this origin: what is not listed is not told any more. */
export interface AnswersReply {
  /** The vendor's public key, base64url, to be checked against the fingerprint the site has pinned. */
  readonly key: string;
  /** How it came to that key, oldest first; absent where it never had another. */
  readonly succession?: readonly Succession[];
  /** Absent where the request's tag is that of the list. */
  readonly answers?: readonly SignedVendorAnswer[];
  /** Stands for the list; at most 64 characters. */
  readonly tag: string;
}
