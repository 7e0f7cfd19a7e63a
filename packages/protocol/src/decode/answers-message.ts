import type { SignedVendorAnswer } from '../answer.ts';
import type { AnswersReply, AnswersRequest } from '../answers-message.ts';
import { MAX_VENDOR_ANSWERS } from '../limits.ts';
import { signedVendorAnswer } from './answer.ts';
import { publicKey } from './demand.ts';
import { type Decoder, list, optional, record, text } from './field.ts';
import { id } from './id.ts';
import { protocolVersion } from './message.ts';
import { successions } from './succession.ts';

const tag = text(64, /^[\w-]+$/, 'a tag');

const request: Decoder<AnswersRequest> = record<AnswersRequest>({
  protocol: protocolVersion,
  originId: id,
  tag: optional(tag) as Decoder<string>,
});

const reply: Decoder<AnswersReply> = record<AnswersReply>({
  key: publicKey,
  succession: successions,
  answers: optional(list(signedVendorAnswer, MAX_VENDOR_ANSWERS)) as Decoder<readonly SignedVendorAnswer[]>,
  tag,
});

/** Body of `POST /v1/answers`, as the destination reads it. */
export function decodeAnswersRequest(value: unknown): AnswersRequest {
  return request(value, '');
}

/** Reply to it, as the site reads it. */
export function decodeAnswersReply(value: unknown): AnswersReply {
  return reply(value, '');
}
