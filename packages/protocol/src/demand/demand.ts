import type { DemandPattern } from './pattern.ts';

/** An information type and how many samples of it. */
export interface TypeCount {
  readonly type: string;
  readonly count: number;
}

/** Under which circumstances a demand asks at all; all that are given have to hold. */
export interface DemandConditions {
  /** Where it failed, as in `linux-x64` or `win32-*`: platform and architecture as Node names them. One of them has to fit. */
  readonly platforms?: readonly string[];
  /** Versions of the program: a glob (`1.4.*`) or comparisons (`>=1.2 <2`). */
  readonly programVersion?: string;
  /** Hits of the bucket, as the author of the demand counts them. */
  readonly hits?: { readonly atLeast?: number; readonly atMost?: number };
}

/**
 * The signed part of a demand: what a person at the site reads and approves. Any change makes it another demand in
 * the eyes of an approval.
 */
export interface DemandTerms {
  /** `[a-z0-9-]{1,64}`, chosen by the author's server. */
  readonly id: string;
  /** Fingerprint of the key that signs: 26 characters. */
  readonly keyId: string;
  /** Rises with every change: max(last + 1, clock in milliseconds). A lower one than last seen is refused. */
  readonly version: number;
  readonly pattern: DemandPattern;
  readonly when?: DemandConditions;
  readonly types: readonly TypeCount[];
  /** Whether the counts hold for the demand as a whole or anew for each bucket it matches. */
  readonly each: 'demand' | 'bucket';
  /** End of validity, milliseconds since 1970; at most 30 days after signing. */
  readonly until: number;
  /** Why it is wanted, for the administrator and the person who crashed. */
  readonly reason: string;
  readonly author: string;
}

/** A demand as it travels and lies on disk: one form at every hop. */
export interface SignedDemand {
  readonly terms: DemandTerms;
  /** Ed25519 over the canonical JSON of the terms, base64url. */
  readonly signature: string;
}

/** How many samples of one type a demand still wants from one bucket. Outside the signature: it changes with every sample. */
export interface Quota {
  readonly demandId: string;
  readonly bucketId: string;
  readonly type: string;
  readonly count: number;
}
