import { createHash, sign, verify } from 'node:crypto';
import type { DemandTerms, SignedDemand } from '../demand/demand.ts';
import { canonicalJson } from './canonical-json.ts';
import { fingerprint, importPublicKey, type SigningKey } from './key.ts';

/** Why a demand is not believed. */
export type DemandRefusal = 'foreign-key' | 'bad-signature' | 'expired' | 'too-long' | 'rolled-back';

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
 * Whether a demand may be believed: signed by the pinned key, still valid, not longer-lived than `maxLifeMs` from
 * `now`, and not older than the version last seen of it.
 */
export function checkDemand(
  demand: SignedDemand,
  trust: {
    /** Fingerprint pinned at enrolment. */
    readonly pinned: string;
    /** The key the peer presented, base64url. */
    readonly publicKey: string;
    readonly now: number;
    readonly maxLifeMs: number;
    readonly lastVersion?: number | undefined;
  },
): DemandRefusal | undefined {
  const { terms, signature } = demand;
  if (terms.keyId !== trust.pinned || fingerprint(trust.publicKey) !== trust.pinned) return 'foreign-key';
  if (
    !verify(null, signedBytes(terms), importPublicKey(trust.publicKey), Buffer.from(signature, 'base64url'))
  )
    return 'bad-signature';
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
