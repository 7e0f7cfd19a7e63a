import { sign, verify } from 'node:crypto';
import type { AnswerTerms, SignedAnswer, SignedVendorAnswer, VendorAnswerTerms } from '../answer.ts';
import { MAX_ANSWER_LIFE_MS } from '../limits.ts';
import { canonicalJson } from './canonical-json.ts';
import { fingerprint, importPublicKey, type SigningKey } from './key.ts';

/** Why an answer is not believed. */
export type AnswerRefusal = 'foreign-key' | 'bad-signature' | 'rolled-back';

function signedBytes(terms: AnswerTerms): Buffer {
  return Buffer.from(`fr-answer-1\n${canonicalJson(terms)}`);
}

/** Signs an answer; `keyId` in its terms is set to the signing key's own. */
export function signAnswer(terms: Omit<AnswerTerms, 'keyId'>, key: SigningKey): SignedAnswer {
  const complete: AnswerTerms = { ...terms, keyId: key.keyId };
  return {
    terms: complete,
    signature: sign(null, signedBytes(complete), key.privateKey).toString('base64url'),
  };
}

/** Whether an answer may be shown: signed by the pinned key, and not older than the version last seen of it. */
export function checkAnswer(
  { terms, signature }: SignedAnswer,
  trust: {
    /** Fingerprint pinned at enrolment. */
    readonly pinned: string;
    /** The key the peer presented, base64url. */
    readonly publicKey: string;
    readonly lastVersion?: number | undefined;
  },
): AnswerRefusal | undefined {
  if (terms.keyId !== trust.pinned || fingerprint(trust.publicKey) !== trust.pinned) return 'foreign-key';
  const key = importPublicKey(trust.publicKey);
  if (!verify(null, signedBytes(terms), key, Buffer.from(signature, 'base64url'))) return 'bad-signature';
  return terms.version < (trust.lastVersion ?? 0) ? 'rolled-back' : undefined;
}

/** Why a vendor's answer is not believed. */
export type VendorAnswerRefusal = AnswerRefusal | 'expired' | 'too-long';

/** Two servers' clocks may differ this much before an answer's life counts as too long: an hour. */
const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;

function vendorBytes(terms: VendorAnswerTerms): Buffer {
  return Buffer.from(`fr-vendor-answer-1\n${canonicalJson(terms)}`);
}

/** Signs a vendor's answer; `keyId` in its terms is set to the signing key's own. */
export function signVendorAnswer(
  terms: Omit<VendorAnswerTerms, 'keyId'>,
  key: SigningKey,
): SignedVendorAnswer {
  const complete: VendorAnswerTerms = { ...terms, keyId: key.keyId };
  return {
    terms: complete,
    signature: sign(null, vendorBytes(complete), key.privateKey).toString('base64url'),
  };
}

/** Whether a vendor's answer may be passed on, as far as its signature and time say. */
export function checkVendorAnswer(
  { terms, signature }: SignedVendorAnswer,
  trust: {
    /** Fingerprint pinned at enrolment. */
    readonly pinned: string;
    /** The key the peer presented, base64url. */
    readonly publicKey: string;
    readonly now: number;
    readonly lastVersion?: number | undefined;
  },
): VendorAnswerRefusal | undefined {
  if (terms.keyId !== trust.pinned || fingerprint(trust.publicKey) !== trust.pinned) return 'foreign-key';
  const key = importPublicKey(trust.publicKey);
  if (!verify(null, vendorBytes(terms), key, Buffer.from(signature, 'base64url'))) return 'bad-signature';
  if (terms.until <= trust.now) return 'expired';
  if (terms.until > trust.now + MAX_ANSWER_LIFE_MS + CLOCK_TOLERANCE_MS) return 'too-long';
  return terms.version < (trust.lastVersion ?? 0) ? 'rolled-back' : undefined;
}
