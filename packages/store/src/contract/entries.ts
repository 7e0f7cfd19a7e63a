/**
 * Entries and their life:
 *
 *     (frame arrives) ──add──▶ pending ──mark──▶ uploaded
 *                       │         └──────────┬──────┘
 *                       ▼                    ▼ drop (retention, an administrator)
 *                    refused               (gone, counted by reason)
 *
 * `add` is the only way in: the frame is written to a temporary name while it is checked, and takes its real name
 * only when it is whole, hashed and durable; a crash before that leaves nothing that is ever served. `mark` appends
 * the receipt, then renames; a crash in between leaves a pending name with a receipt inside, which the next start
 * finishes. An entry's frame never changes.
 * @module
 */
import type { EntryHeader, PartContent, Receipt } from '@fr/protocol';
import type { RetentionLimits, RetentionReason, RetentionReport } from './retention.ts';

/** Where an entry is in its life. Seen in its name on disk. */
export type EntryState = 'pending' | 'uploaded';

/** An entry as the store knows it, without its payload. */
export interface StoredEntry {
  readonly header: EntryHeader;
  readonly state: EntryState;
  readonly receipts: readonly Receipt[];
  /** `sha256:<hex>` of the frame. */
  readonly digest: string;
  /** Bytes of the frame. */
  readonly bytes: number;
  readonly storedAt: number;
}

/** One sample counted towards a demand; refused when the count is already reached. */
export interface Credit {
  readonly demandId: string;
  /** The bucket the count is kept for, or empty where the demand counts as a whole. */
  readonly scope: string;
  readonly type: string;
  /** The demand's count. */
  readonly limit: number;
}

/**
 * Asked when a frame's header has arrived and before a byte of its payload is read. Credits are taken in the
 * transaction that stores the entry: if there are any and every one is used up by then, the entry is refused as
 * `not-needed`, so that N wanted means at most N accepted.
 */
export type EntryGate = (header: EntryHeader) => Promise<GateVerdict>;
export type GateVerdict =
  | { readonly admit: true; readonly credits: readonly Credit[] }
  | { readonly admit: false; readonly reason: string };

/** What became of a frame. `duplicate`: an entry of this id is held, the rest of the frame was not looked at. */
export type AddResult =
  | { readonly result: 'stored' | 'duplicate'; readonly entry: StoredEntry }
  | { readonly result: 'refused'; readonly reason: string };

/** An open entry; parts are streamed and their hashes checked while they are read. */
export interface EntryContent {
  readonly entry: StoredEntry;
  /** The parts of the given types (all, if none are given), in the header's order. */
  parts(types?: readonly string[]): AsyncIterable<PartContent>;
}

/** Why an entry was dropped; counted. `retention`: by rules of the caller's own. */
export type DropReason = RetentionReason | 'retention' | 'administrator' | 'damaged';

/** Reports in storage, one file each in the embedded driver. */
export interface Entries {
  /**
   * Takes in one frame. Resolves only when the entry is durable under its name and known to the queries. Throws the
   * protocol's errors for a malformed frame and `storage-full` / `storage-failed` / `busy`; then nothing is kept. Once
   * the answer is known the frame is not read on, and its iterator's `return` is called without waiting for it: a
   * server that wants to reply on the same socket passes `request.iterator({ destroyOnReturn: false })`.
   */
  add(frame: AsyncIterable<Uint8Array>, gate: EntryGate, receivedAt: number): Promise<AddResult>;
  /** Headers of all pending entries, oldest first, one at a time in bounded memory. */
  pending(): AsyncIterable<StoredEntry>;
  /**
   * Opens an entry in whatever state, or nothing. Throws `damaged` when its hash does not fit; its parts throw
   * `not-found` when another process drops it while they are read.
   */
  read(entryId: string): Promise<EntryContent | undefined>;
  /** Appends the receipt and renames to uploaded. Repeating it with another receipt appends that one too. */
  mark(entryId: string, receipt: Receipt): Promise<void>;
  /** Removes an entry; false where there is none. */
  drop(entryId: string, reason: DropReason): Promise<boolean>;
  /**
   * Drops what is beyond the limits, the least useful first; what an open demand still waits for goes last and only for
   * `totalBytes`. Hits stay counted. Every drop is whole by itself: one that fails leaves those before it done.
   */
  retain(limits: RetentionLimits, now: number): Promise<RetentionReport>;
}
