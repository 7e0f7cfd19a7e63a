import type { SignedAnswer } from '../answer.ts';
import {
  DROP_REASONS,
  type DropCount,
  type DropReason,
  type DropReport,
  type Hit,
  type HitResult,
  type HitsReply,
  type HitsRequest,
  OUTCOMES,
} from '../hit.ts';
import { MAX_DEMANDS, MAX_DROP_COUNTS, MAX_HIT_COUNT, MAX_HITS, MAX_TEXT } from '../limits.ts';
import { signedAnswer } from './answer.ts';
import { bucket } from './bucket.ts';
import { publicKey, signedDemand } from './demand.ts';
import { type Decoder, flag, integer, list, optional, record, text, word } from './field.ts';
import { id } from './id.ts';
import { protocolVersion, time } from './message.ts';
import { successions } from './succession.ts';

const hit: Decoder<Hit> = record<Hit>({
  reportId: id,
  bucket,
  count: integer(1, MAX_HIT_COUNT),
  outcome: word(OUTCOMES),
  at: time,
});

const reasonName = text(32, /^[a-z][a-z-]*$/, 'a reason of a-z and -');

/** A newer reporter may have more reasons. */
const dropReason: Decoder<DropReason> = (value, path) => {
  const name = reasonName(value, path);
  return DROP_REASONS.find((known) => known === name) ?? 'other';
};

const dropCount: Decoder<DropCount> = record<DropCount>({
  reason: dropReason,
  count: integer(1, MAX_HIT_COUNT),
});

const drops: Decoder<DropReport> = record<DropReport>({
  reportId: id,
  counts: list(dropCount, MAX_DROP_COUNTS),
});

const request: Decoder<HitsRequest> = record<HitsRequest>({
  protocol: protocolVersion,
  hits: list(hit, MAX_HITS),
  drops: optional(drops) as Decoder<DropReport>,
  test: optional(flag) as Decoder<boolean>,
});

const result: Decoder<HitResult> = record<HitResult>({
  reportId: id,
  result: word(['counted', 'duplicate', 'refused']),
  reason: optional(text(MAX_TEXT)) as Decoder<string>,
});

const reply: Decoder<HitsReply> = record<HitsReply>({
  results: list(result, MAX_HITS),
  demands: list(signedDemand, MAX_DEMANDS),
  answers: optional(list(signedAnswer, 2 * MAX_HITS)) as Decoder<readonly SignedAnswer[]>,
  key: publicKey,
  succession: successions,
});

/** Body of `POST /v1/hits`. */
export function decodeHitsRequest(value: unknown): HitsRequest {
  return request(value, '');
}

/** Reply to hits, as a reporter reads it. */
export function decodeHitsReply(value: unknown): HitsReply {
  return reply(value, '');
}
