/** A person's word on one entry, where the policy says `review: entry`: bound to the very bytes that were looked at. */
export interface EntryReview {
  readonly decision: 'approved' | 'denied';
  /** SHA-256 of each part that may leave, by type, as it would leave: redacted. Empty where it was denied. */
  readonly parts: Readonly<Record<string, string>>;
  /** The destination it was looked at for. */
  readonly to: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The review of an entry, if there is one. */
export type ReviewOf = (entryId: string) => EntryReview | undefined;
