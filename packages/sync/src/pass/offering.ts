/**
 * The question: offers go out, replies come down. The cursor that says how far the destination has been told moves
 * only after its reply, so that a crash repeats an offer and never leaves one out; totals are absolute, a repeat does
 * no harm.
 * @module
 */
import { createHash } from 'node:crypto';
import { bucketId } from '@fr/bucket';
import {
  MAX_ITEMS,
  MAX_MESSAGE_BYTES,
  type Offer,
  type OfferedBucket,
  type OfferReply,
  type Origin,
  PROTOCOL_VERSION,
} from '@fr/protocol';
import { fingerprint } from '@fr/protocol/signature';
import { encodeMessage } from '@fr/protocol/wire';
import { SyncError } from '../sync-error.ts';
import { attempt, type BytesLeft } from './attempt.ts';
import type { ChangedBuckets } from './changed-buckets.ts';
import { settleCursor } from './cursor.ts';
import { LeasePurse } from './leasing/lease-purse.ts';
import type { PassOptions } from './pass-options.ts';

/** What the offers of a pass came to. */
export interface Offered {
  /** The last reply: complete for this origin, so that the ones before it say nothing more. */
  readonly reply: OfferReply;
  /** Ids of the buckets this pass told of. */
  readonly bucketIds: ReadonlySet<string>;
  /** Settles how far the destination has been told; to be called when its demands are stored. */
  readonly settle: () => Promise<void>;
  /** The destination holds more of this origin than we ever counted: the disk was restored or cloned. */
  readonly upstreamIsAhead: boolean;
  /** What the replies say of leases; absent where the destination gives none. */
  readonly purse: LeasePurse | undefined;
}

/** Told after each offer that was answered. */
export type OnOffer = (buckets: number, bytes: BytesLeft) => void;

/** Tells the destination what changed: at least one offer, without buckets if need be, so that demands come down. */
export async function sendOffers(
  options: PassOptions,
  origin: Origin,
  changes: AsyncIterable<ChangedBuckets>,
  onOffer: OnOffer,
): Promise<Offered> {
  const bucketIds = new Set<string>();
  let reply: OfferReply | undefined;
  let upstreamIsAhead = false;
  let purse: LeasePurse | undefined;
  let reached = 0;
  async function tell(buckets: readonly OfferedBucket[]): Promise<void> {
    const offer: Offer = { protocol: PROTOCOL_VERSION, origin, buckets };
    const body = encodeMessage(offer, 'msgpack');
    if (buckets.length > 1 && isTooLarge(buckets, body)) {
      const half = Math.ceil(buckets.length / 2);
      await tell(buckets.slice(0, half));
      await tell(buckets.slice(half));
      return;
    }
    const askedAt = options.now();
    reply = await sendOffer(options, offer, body, onOffer);
    if (reply.leases) {
      purse ??= new LeasePurse();
      purse.add(reply.leases, askedAt);
    }
    upstreamIsAhead ||= isAhead(reply, buckets);
    for (const { bucket } of buckets) bucketIds.add(bucketId(bucket));
  }
  for await (const { buckets, cursor } of changes) {
    if (buckets.length > 0) {
      // Cheap to repeat, dear to lose: what was answered before this page is settled even if this one fails.
      if (reply) await settleCursor(options, origin, reached);
      await tell(buckets);
    }
    reached = cursor;
  }
  if (!reply) await tell([]);
  if (!reply) throw new SyncError('bad-reply', 'no offer was answered');
  return { reply, bucketIds, upstreamIsAhead, purse, settle: () => settleCursor(options, origin, reached) };
}

async function sendOffer(
  options: PassOptions,
  offer: Offer,
  body: Uint8Array,
  onOffer: OnOffer,
): Promise<OfferReply> {
  const { destination, pinned, to, signal } = options;
  const announced = {
    kind: 'offer',
    to,
    headerBytes: body.byteLength,
    payloadBytes: 0,
    demands: [],
    buckets: offer.buckets.map(({ bucket }) => bucketId(bucket)),
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
  } as const;
  const { reply, bytes } = await attempt(options, announced, {
    send: () => destination.offer(offer, body, { signal }),
    words: () => ({ outcome: 'delivered', reason: 'answered' }),
  });
  onOffer(offer.buckets.length, bytes);
  const presented = fingerprint(reply.key);
  if (presented === pinned) return reply;
  throw new SyncError(
    'foreign-key',
    `${to} presents the key ${presented}, but ${pinned} was pinned; nothing it says is believed`,
  );
}

/** Values in an offered bucket without what it holds, and for each type held. */
const BUCKET_VALUES = 10;
const HOLD_VALUES = 3;

function isTooLarge(buckets: readonly OfferedBucket[], body: Uint8Array): boolean {
  const values = buckets.reduce((sum, { holds }) => sum + BUCKET_VALUES + HOLD_VALUES * holds.length, 10);
  return values > MAX_ITEMS || body.byteLength > MAX_MESSAGE_BYTES;
}

function isAhead(reply: OfferReply, buckets: readonly OfferedBucket[]): boolean {
  const ours = new Map(buckets.map(({ bucket, hits }) => [bucketId(bucket), hits]));
  return reply.totals.some((held) => held.hits > (ours.get(held.bucketId) ?? Number.POSITIVE_INFINITY));
}
