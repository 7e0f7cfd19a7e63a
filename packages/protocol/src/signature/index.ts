/**
 * Keys, signatures and tokens: who may ask, and how the other side knows.
 * @module
 */
export {
  type AnswerRefusal,
  checkAnswer,
  checkVendorAnswer,
  signAnswer,
  signVendorAnswer,
  type VendorAnswerRefusal,
} from './answer-signature.ts';
export { checkSeal, type SealRefusal, sealBundle, siteMark } from './bundle-signature.ts';
export { canonicalJson } from './canonical-json.ts';
export { checkDemand, type DemandRefusal, signDemand, termsHash } from './demand-signature.ts';
export {
  fingerprint,
  generateSigningKey,
  type PresentedKey,
  parseSigningKey,
  presentKey,
  printSigningKey,
  type SigningKey,
} from './key.ts';
export {
  type FollowedKey,
  followSuccession,
  type RetiredKey,
  type SuccessionRefusal,
  signSuccession,
} from './succession-signature.ts';
export { issueToken, parseToken, type Token, type TokenPrefix, tokenHash } from './token.ts';
