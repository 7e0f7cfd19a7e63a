import type { EntryHeader } from '@fr/protocol';

/** One sample to be counted towards a demand in the transaction that stores the entry. */
export interface EntryCredit {
  readonly demandId: string;
  /** The bucket the count is kept for, or empty where the demand counts as a whole. */
  readonly scope: string;
  readonly type: string;
  readonly limit: number;
}

/** What a gate says when an entry's header has arrived. Reasons: `not-needed`, `refused-by-policy`. */
export type EntryVerdict =
  | { readonly admit: true; readonly credits: readonly EntryCredit[] }
  | { readonly admit: false; readonly reason: string };

/** Asked before a byte of the payload is read; `@fr/store`'s gate fits by shape. */
export type EntryGate = (header: EntryHeader) => Promise<EntryVerdict>;
