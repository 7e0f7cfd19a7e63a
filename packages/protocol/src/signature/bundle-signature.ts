/**
 * What seals a bundle. The signature says whose key wrote it. The mac shows that it comes from the other end of the very
 * token: a vendor keeps of it no more than its hash, so the hash is the key that both sides have, and a site's first bundle
 * introduces its public key under it.
 * @module
 */
import { createHash, createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import type { BundleSeal } from '../bundle/bundle.ts';
import { importPublicKey, type SigningKey } from './key.ts';

/** Why a bundle's seal does not hold. */
export type SealRefusal = 'bad-signature' | 'foreign-token';

function sealedBytes(digest: string): Buffer {
  return Buffer.from(`fr-bundle-1\n${digest}\n`);
}

function macOf(digest: string, hash: string): Buffer {
  return createHmac('sha256', hash).update(sealedBytes(digest)).digest();
}

/** Seals. `digest`: `sha256:<hex>` of all before the last line; `hash`: the token's, as `tokenHash` gives it. */
export function sealBundle(digest: string, key: SigningKey, hash: string): BundleSeal {
  return {
    digest,
    signature: sign(null, sealedBytes(digest), key.privateKey).toString('base64url'),
    mac: macOf(digest, hash).toString('hex'),
  };
}

/** Whether a seal is that of this key and this token. Whether the key is one that is known is another question; see `followSuccession`. */
export function checkSeal(
  { digest, signature, mac }: BundleSeal,
  trust: {
    /** The key the bundle presents, base64url. */
    readonly publicKey: string;
    /** The token's hash. */
    readonly hash: string;
  },
): SealRefusal | undefined {
  const { publicKey, hash } = trust;
  const signed = Buffer.from(signature, 'base64url');
  // Its last letter has bits that mean nothing; altered is altered.
  if (signed.toString('base64url') !== signature) return 'bad-signature';
  if (!verify(null, sealedBytes(digest), importPublicKey(publicKey), signed)) return 'bad-signature';
  const [own, stated] = [macOf(digest, hash), Buffer.from(mac, 'hex')];
  return own.length === stated.length && timingSafeEqual(own, stated) ? undefined : 'foreign-token';
}

/** Stands for a token in a bundle's head: 32 hex digits from which nothing of it follows. */
export function siteMark(hash: string): string {
  return createHash('sha256').update(`fr-site-1\n${hash}`).digest('hex').slice(0, 32);
}
