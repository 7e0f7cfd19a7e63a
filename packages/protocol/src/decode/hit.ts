import { type Hit, type HitResult, type HitsReply, type HitsRequest, OUTCOMES } from '../hit.ts';
import { MAX_DEMANDS, MAX_HIT_COUNT, MAX_HITS, MAX_TEXT } from '../limits.ts';
import { bucket } from './bucket.ts';
import { publicKey, signedDemand } from './demand.ts';
import { type Decoder, integer, list, optional, record, text, word } from './field.ts';
import { id } from './id.ts';
import { protocolVersion, time } from './message.ts';

const hit: Decoder<Hit> = record<Hit>({
  reportId: id,
  bucket,
  count: integer(1, MAX_HIT_COUNT),
  outcome: word(OUTCOMES),
  at: time,
});

const request: Decoder<HitsRequest> = record<HitsRequest>({
  protocol: protocolVersion,
  hits: list(hit, MAX_HITS),
});

const result: Decoder<HitResult> = record<HitResult>({
  reportId: id,
  result: word(['counted', 'duplicate', 'refused']),
  reason: optional(text(MAX_TEXT)) as Decoder<string>,
});

const reply: Decoder<HitsReply> = record<HitsReply>({
  results: list(result, MAX_HITS),
  demands: list(signedDemand, MAX_DEMANDS),
  key: publicKey,
});

/** Body of `POST /v1/hits`. */
export function decodeHitsRequest(value: unknown): HitsRequest {
  return request(value, '');
}

/** Reply to hits, as a reporter reads it. */
export function decodeHitsReply(value: unknown): HitsReply {
  return reply(value, '');
}
