import { createHash, sign, verify } from 'node:crypto';
import type { DemandTerms, SignedDemand } from '../demand/demand.ts';
import { canonicalJson } from './canonical-json.ts';
import { fingerprint, importPublicKey, type SigningKey } from './key.ts';
import type { RetiredKey } from './succession-signature.ts';

/** Why a demand is not believed. */
export type DemandRefusal =
  | 'foreign-key'
  | 'retired-key'
  | 'bad-signature'
  | 'expired'
  | 'too-long'
  | 'rolled-back';

function signedBytes(terms: DemandTerms): Buffer {
  return Buffer.from(`fr-demand-1\n${canonicalJson(terms)}`);
}

/** Signs terms; `keyId` in them is set to the signing key's own. */
export function signDemand(terms: Omit<DemandTerms, 'keyId'>, key: SigningKey): SignedDemand {
  const complete: DemandTerms = { ...terms, keyId: key.keyId };
  return {
    terms: complete,
    signature: sign(null, signedBytes(complete), key.privateKey).toString('base64url'),
  };
}

/**
 * Whether a demand may be believed: signed by the pinned key, or by a retired one before it gave way; still valid, not
 * longer-lived than `maxLifeMs` from `now`, and not older than the version last seen of it.
 */
export function checkDemand(
  demand: SignedDemand,
  trust: {
    /** Fingerprint pinned at enrolment. */
    readonly pinned: string;
    /** The key the peer presented, base64url. */
    readonly publicKey: string;
    /** Keys the presented one took the place of. Default: none. */
    readonly retired?: readonly RetiredKey[] | undefined;
    readonly now: number;
    readonly maxLifeMs: number;
    readonly lastVersion?: number | undefined;
  },
): DemandRefusal | undefined {
  const { terms, signature } = demand;
  if (fingerprint(trust.publicKey) !== trust.pinned) return 'foreign-key';
  const retired = trust.retired?.find(({ keyId }) => keyId === terms.keyId);
  if (terms.keyId !== trust.pinned && !retired) return 'foreign-key';
  const key = importPublicKey(retired?.publicKey ?? trust.publicKey);
  if (!verify(null, signedBytes(terms), key, Buffer.from(signature, 'base64url'))) return 'bad-signature';
  // Whoever still has a retired key signs nothing new with it: a version is the clock at signing, and lives so long at most.
  if (retired && (terms.version > retired.at || terms.until > retired.at + trust.maxLifeMs))
    return 'retired-key';
  if (terms.until <= trust.now) return 'expired';
  if (terms.until > trust.now + trust.maxLifeMs + CLOCK_TOLERANCE_MS) return 'too-long';
  return terms.version < (trust.lastVersion ?? 0) ? 'rolled-back' : undefined;
}

/** Two servers' clocks may differ this much before a demand's life counts as too long: an hour. */
const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;

/** What an approval is bound to: any change of the signed part changes it. 64 hex digits. */
export function termsHash(terms: DemandTerms): string {
  return createHash('sha256').update(signedBytes(terms)).digest('hex');
}
