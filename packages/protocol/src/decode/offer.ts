import type { LeaseReply } from '../lease.ts';
import { MAX_DEMANDS, MAX_OFFERED_BUCKETS } from '../limits.ts';
import type { HeldTotal, Offer, OfferedBucket, OfferReply, Origin } from '../offer.ts';
import { bucket } from './bucket.ts';
import { publicKey, quota, signedDemand, typeCount } from './demand.ts';
import { type Decoder, integer, list, optional, record } from './field.ts';
import { bucketIdText, id } from './id.ts';
import { leaseReply } from './lease.ts';
import { protocolVersion } from './message.ts';

const total = integer(0, Number.MAX_SAFE_INTEGER);

const origin: Decoder<Origin> = record<Origin>({ id, epoch: integer(1, Number.MAX_SAFE_INTEGER) });

const offered: Decoder<OfferedBucket> = record<OfferedBucket>({
  bucket,
  hits: total,
  holds: list(typeCount(0), 64),
});

const offer: Decoder<Offer> = record<Offer>({
  protocol: protocolVersion,
  origin,
  buckets: list(offered, MAX_OFFERED_BUCKETS),
});

const held: Decoder<HeldTotal> = record<HeldTotal>({ bucketId: bucketIdText, hits: total });

const reply: Decoder<OfferReply> = record<OfferReply>({
  key: publicKey,
  demands: list(signedDemand, MAX_DEMANDS),
  quotas: list(quota, 10 * MAX_DEMANDS),
  totals: list(held, MAX_OFFERED_BUCKETS),
  leases: optional(leaseReply) as Decoder<LeaseReply>,
});

/** Body of `POST /v1/offers`, as the destination reads it. */
export function decodeOffer(value: unknown): Offer {
  return offer(value, '');
}

/** Reply to an offer, as the site reads it. */
export function decodeOfferReply(value: unknown): OfferReply {
  return reply(value, '');
}
