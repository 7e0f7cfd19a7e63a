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
