import type { AnswerTerms, SignedAnswer } from '../answer.ts';
import { MAX_BUCKET_FIELD, MAX_TEXT } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { keyId, signature } from './demand.ts';
import { type Decoder, integer, optional, record, text } from './field.ts';

const httpsLink: Decoder<string> = (value, path) => {
  const link = text(MAX_TEXT, /^https:\/\/[!-~]+$/, 'an https address')(value, path);
  if (URL.canParse(link)) return link;
  throw new ProtocolError('malformed', 'expected an https address', { path });
};

const terms: Decoder<AnswerTerms> = record<AnswerTerms>({
  keyId,
  version: integer(1, Number.MAX_SAFE_INTEGER),
  about: text(27, /^[bp][a-z2-7]{26}$/, 'a bucket id or problem id'),
  text: text(MAX_TEXT, /\S/, `1 to ${MAX_TEXT} characters`),
  link: optional(httpsLink) as Decoder<string>,
  fixedIn: optional(text(MAX_BUCKET_FIELD, /\S/, 'a version')) as Decoder<string>,
});

/** An answer; says nothing about whether its signature holds. */
export const signedAnswer: Decoder<SignedAnswer> = record<SignedAnswer>({ terms, signature });

/** An answer read back from disk, or made from what a person has typed. */
export function decodeSignedAnswer(value: unknown): SignedAnswer {
  return signedAnswer(value, '');
}
