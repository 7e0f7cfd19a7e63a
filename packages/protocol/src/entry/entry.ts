import type { Bucket } from '@fr/bucket';
import type { Outcome } from '../hit.ts';

/** One piece of information inside an entry, as its header announces it. */
export interface EntryPart {
  /** Information type. */
  readonly type: string;
  readonly contentType: string;
  readonly bytes: number;
  /** SHA-256 of the part, 64 hex digits: stays the same when a projection of the entry travels on. */
  readonly sha256: string;
}

/** First half of an entry: what it is, readable with ordinary tools, without a byte of what was collected. */
export interface EntryHeader {
  readonly entryId: string;
  readonly reportId: string;
  readonly bucket: Bucket;
  readonly outcome: Outcome;
  /** When the failure happened by the host's clock, milliseconds since 1970. */
  readonly at: number;
  /** Platform and architecture, as in `linux-x64`; only where a demand asks for certain ones. */
  readonly platform?: string;
  /** Where it was made later, of what the reporter still held: when, milliseconds since 1970. */
  readonly recalledAt?: number;
  /** Ids of the demands under which it was collected. */
  readonly demands: readonly string[];
  readonly parts: readonly EntryPart[];
}

/** Appended behind an entry when the other side has it: the stored report itself says that it was uploaded. */
export interface Receipt {
  /** When the receipt was received, milliseconds since 1970. */
  readonly at: number;
  /** Whom it went to: the destination's origin (scheme, host, port). */
  readonly to: string;
  /** Demands it was sent under. */
  readonly demands: readonly string[];
  /** Information types that were sent; the others stayed. */
  readonly types: readonly string[];
  /** Digest of what was sent, `sha256:<hex>`. */
  readonly digest: string;
}

/** Reply to a `PUT` of an entry. Repeats give `duplicate` and are as good as `stored`. */
export interface EntryReply {
  readonly entryId: string;
  readonly result: 'stored' | 'duplicate';
  /** Digest of the frame as the receiver holds it. */
  readonly digest: string;
}
