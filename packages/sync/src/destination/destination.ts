import type { EntryHeader, LeaseReply, LeaseRequest, Offer, OfferReply } from '@fr/protocol';

/** What became of an upload. Everything else (no connection, no reply, no sense in it) is a thrown SyncError. */
export type UploadResult =
  /** The other side has the entry; `digest` is that of the frame it holds. */
  | { readonly result: 'stored' | 'duplicate'; readonly digest: string }
  /** It needs none of it any more. */
  | { readonly result: 'not-needed' }
  /** It may be needed, but others have the leases, or ours are over. */
  | { readonly result: 'unleased' }
  /** It does not want this entry, whatever is needed. `code` is its problem code. */
  | { readonly result: 'refused'; readonly code: string; readonly detail: string };

/** Bytes of an entry's frame: payload is the parts, header all the rest. */
export interface FrameBytes {
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/**
 * Where a site's offers and entries go: a destination server, or one day a folder or another file server. One call,
 * one bounded attempt; nothing is tried again in here.
 */
export interface Destination {
  /**
   * Sends exactly the bytes of `body`, which is the offer in columns as msgpack, compressed where `encoding` says so: they are
   * what the ledger has counted.
   */
  offer(
    offer: Offer,
    body: Uint8Array,
    options?: { readonly signal?: AbortSignal | undefined; readonly encoding?: 'gzip' | undefined },
  ): Promise<OfferReply>;
  /** Asks for leases, with exactly the bytes of `body`. Only ever called where replies to offers speak of leases. */
  lease(
    request: LeaseRequest,
    body: Uint8Array,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<LeaseReply>;
  /** Sends exactly the frame, `size.headerBytes + size.payloadBytes` long, and shows the fences of its leases. */
  upload(
    header: EntryHeader,
    size: FrameBytes,
    frame: AsyncIterable<Uint8Array>,
    options?: { readonly signal?: AbortSignal | undefined; readonly fences?: readonly number[] },
  ): Promise<UploadResult>;
}
