import {
  LEASE_PURPOSES,
  LEASE_REFUSALS,
  type Lease,
  type LeaseAsk,
  type LeaseRefusal,
  type LeaseReply,
  type LeaseRequest,
} from '../lease.ts';
import { MAX_LEASES } from '../limits.ts';
import { typeName } from './demand.ts';
import { type Decoder, integer, list, optional, record, word } from './field.ts';
import { bucketIdText, demandId, id } from './id.ts';
import { protocolVersion } from './message.ts';

const MAX_COUNT = 1_000_000;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

const fence = integer(1, 999_999_999_999_999);
const duration = integer(0, WEEK_MS);
const subject = { demandId, bucketId: bucketIdText, type: typeName, for: word(LEASE_PURPOSES) } as const;

const lease: Decoder<Lease> = record<Lease>({
  ...subject,
  count: integer(1, MAX_COUNT),
  fence,
  expiresInMs: duration,
});

const ask: Decoder<LeaseAsk> = record<LeaseAsk>({
  ...subject,
  count: integer(0, MAX_COUNT),
  fence: optional(fence) as Decoder<number>,
});

const refusal: Decoder<LeaseRefusal> = record<LeaseRefusal>({
  ...subject,
  reason: word(LEASE_REFUSALS),
  retryAfterMs: optional(duration) as Decoder<number>,
});

const request: Decoder<LeaseRequest> = record<LeaseRequest>({
  protocol: protocolVersion,
  holder: id,
  asks: list(ask, MAX_LEASES),
});

/** What is given and refused, in a reply of its own or in that to an offer. */
export const leaseReply: Decoder<LeaseReply> = record<LeaseReply>({
  given: list(lease, MAX_LEASES),
  refused: list(refusal, MAX_LEASES),
});

/** Body of `POST /v1/leases`. */
export function decodeLeaseRequest(value: unknown): LeaseRequest {
  return request(value, '');
}

/** Reply to it. */
export function decodeLeaseReply(value: unknown): LeaseReply {
  return leaseReply(value, '');
}
