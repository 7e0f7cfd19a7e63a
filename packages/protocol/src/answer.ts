import type { DemandPattern } from './demand/pattern.ts';

/**
 * The signed part of an answer: what the site tells the person at a program that has failed. Closed on purpose: text and
 * a link, nothing that a program could be made to do.
 */
export interface AnswerTerms {
  /** Fingerprint of the key that signs: 26 characters. */
  readonly keyId: string;
  /** Rises with every change: max(last + 1, clock in milliseconds). */
  readonly version: number;
  /** The bucket id or problem id it is about. */
  readonly about: string;
  /** At most 2 KiB. */
  readonly text: string;
  /** An https address to read on. */
  readonly link?: string;
  /** The version of the program in which it is fixed. */
  readonly fixedIn?: string;
}

/** An answer as it travels and lies on disk. */
export interface SignedAnswer {
  readonly terms: AnswerTerms;
  /** Ed25519 over `fr-answer-1\n` and the canonical JSON of the terms, base64url. */
  readonly signature: string;
}

/**
 * The signed part of what a vendor lets its sites tell. A site passes it on in an answer of its own, if its policy lets it:
 * reporters believe nobody but their site.
 */
export interface VendorAnswerTerms {
  /** `[a-z0-9-]{1,64}`, chosen by the vendor's server. */
  readonly id: string;
  /** Fingerprint of the key that signs: 26 characters. */
  readonly keyId: string;
  /** Rises with every change: max(last + 1, clock in milliseconds). A lower one than last seen is refused. */
  readonly version: number;
  /** Which buckets it is about, as in demands. */
  readonly pattern: DemandPattern;
  /** At most 2 KiB. */
  readonly text: string;
  /** An https address to read on. */
  readonly link?: string;
  /** The version of the program in which it is fixed. */
  readonly fixedIn?: string;
  /** End of validity, milliseconds since 1970; at most 400 days after signing. */
  readonly until: number;
}

/** A vendor's answer as it travels and lies on disk. */
export interface SignedVendorAnswer {
  readonly terms: VendorAnswerTerms;
  /** Ed25519 over `fr-vendor-answer-1\n` and the canonical JSON of the terms, base64url. */
  readonly signature: string;
}
