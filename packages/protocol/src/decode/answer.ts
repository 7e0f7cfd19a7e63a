import type { AnswerTerms, SignedAnswer, SignedVendorAnswer, VendorAnswerTerms } from '../answer.ts';
import { MAX_BUCKET_FIELD, MAX_TEXT } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { keyId, pattern, signature } from './demand.ts';
import { type Decoder, integer, optional, record, text } from './field.ts';
import { demandId } from './id.ts';
import { time } from './message.ts';

const httpsLink: Decoder<string> = (value, path) => {
  const link = text(MAX_TEXT, /^https:\/\/[!-~]+$/, 'an https address')(value, path);
  if (URL.canParse(link)) return link;
  throw new ProtocolError('malformed', 'expected an https address', { path });
};

const version = integer(1, Number.MAX_SAFE_INTEGER);

/** What is told, whoever tells it. */
const told = {
  text: text(MAX_TEXT, /\S/, `1 to ${MAX_TEXT} characters`),
  link: optional(httpsLink) as Decoder<string>,
  fixedIn: optional(text(MAX_BUCKET_FIELD, /\S/, 'a version')) as Decoder<string>,
};

const terms: Decoder<AnswerTerms> = record<AnswerTerms>({
  keyId,
  version,
  about: text(27, /^[bp][a-z2-7]{26}$/, 'a bucket id or problem id'),
  ...told,
});

const vendorTerms: Decoder<VendorAnswerTerms> = record<VendorAnswerTerms>({
  id: demandId,
  keyId,
  version,
  pattern,
  ...told,
  until: time,
});

/** An answer; says nothing about whether its signature holds. */
export const signedAnswer: Decoder<SignedAnswer> = record<SignedAnswer>({ terms, signature });

/** An answer read back from disk, or made from what a person has typed. */
export function decodeSignedAnswer(value: unknown): SignedAnswer {
  return signedAnswer(value, '');
}

/** A vendor's answer; says nothing about whether its signature holds. */
export const signedVendorAnswer: Decoder<SignedVendorAnswer> = record<SignedVendorAnswer>({
  terms: vendorTerms,
  signature,
});

/** A vendor's answer read back from disk, or made from what a person has typed. */
export function decodeSignedVendorAnswer(value: unknown): SignedVendorAnswer {
  return signedVendorAnswer(value, '');
}
