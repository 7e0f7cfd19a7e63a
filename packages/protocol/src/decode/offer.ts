import type { LeaseReply } from '../lease.ts';
import { MAX_DEMANDS } from '../limits.ts';
import type { Mark, Offer, OfferReply } from '../offer.ts';
import { publicKey, quota, signedDemand } from './demand.ts';
import { type Decoder, flag, list, optional, record, text } from './field.ts';
import { leaseReply } from './lease.ts';
import { mark, offerOf, plainOffer } from './offer-columns.ts';
import { successions } from './succession.ts';

const reply: Decoder<OfferReply> = record<OfferReply>({
  key: publicKey,
  succession: successions,
  demands: optional(list(signedDemand, MAX_DEMANDS)) as Decoder<NonNullable<OfferReply['demands']>>,
  tag: optional(text(64)) as Decoder<string>,
  quotas: list(quota, 10 * MAX_DEMANDS),
  partial: optional(flag) as Decoder<boolean>,
  mark: optional(mark) as Decoder<Mark>,
  leases: optional(leaseReply) as Decoder<LeaseReply>,
});

/** Body of `POST /v1/offers`, as the destination reads it: in columns, or with a map for each bucket. */
export function decodeOffer(value: unknown): Offer {
  const isPlain = typeof value === 'object' && value !== null && Object.hasOwn(value, 'buckets');
  return isPlain ? plainOffer(value, '') : offerOf(value);
}

/** Reply to an offer, as the site reads it. */
export function decodeOfferReply(value: unknown): OfferReply {
  return reply(value, '');
}
