import type { Decision } from '../decision/verdict.ts';
import type { SyncErrorCode } from '../sync-error.ts';

/** What a pass decided about one entry, and what became of it where it was sent. */
export interface EntryDecision extends Decision {
  readonly entryId: string;
  readonly bucketId: string;
  /**
   * Absent where nothing was sent. `stored` and `duplicate`: the other side has it, the entry is marked. `unleased`: others
   * are to bring it; asked again with the next pass.
   */
  readonly result?: 'stored' | 'duplicate' | 'not-needed' | 'unleased' | 'refused' | 'failed';
}

/** What came down with the replies. */
export interface DemandsHeard {
  readonly received: number;
  /** Believed and stored. */
  readonly accepted: number;
  readonly rejected: readonly { readonly demandId: string; readonly reason: string }[];
  /** Quotas stored; those left out spoke of a demand that was not accepted or of a bucket that was never offered. */
  readonly quotas: number;
  readonly quotasLeftOut: number;
}

/** Why a pass ended early. What was not done is done by the next one. */
export interface PassFailure {
  readonly code: SyncErrorCode;
  readonly message: string;
}

/** One pass, ready to be printed as JSON. */
export interface PassSummary {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Pending entries that were decided about. */
  readonly entries: number;
  /** Offers that were answered. */
  readonly offered: number;
  /** Buckets in them. */
  readonly buckets: number;
  readonly demands: DemandsHeard;
  /** The uploads and the first thousand of the others. */
  readonly decisions: readonly EntryDecision[];
  /** How many of each verdict there were. */
  readonly verdicts: Readonly<Partial<Record<Decision['verdict'], number>>>;
  /** Entries the other side has since this pass. */
  readonly uploaded: number;
  /** Bytes that left, as the ledger counts them, offers included. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** The destination knew more of us than we do: counting went on under a new epoch. */
  readonly newEpoch?: number;
  readonly failure?: PassFailure;
}
