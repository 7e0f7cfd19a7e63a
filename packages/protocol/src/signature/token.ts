/**
 * Tokens: `<prefix>_<secret>_<fingerprint>`. The prefix says who holds it, the fingerprint pins the key of the
 * server that issued it. Servers keep only the secret's hash.
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import { base32 } from './base32.ts';

/** Who holds a token: `frs` a site towards its vendor, `frk` a reporter towards its site, `fra` an administrator. */
export type TokenPrefix = 'frs' | 'frk' | 'fra';

/** A token taken apart. */
export interface Token {
  readonly prefix: TokenPrefix;
  readonly secret: string;
  readonly fingerprint: string;
}

const SHAPE = /^(frs|frk|fra)_([a-z2-7]{32})_([a-z2-7]{26})$/;

/** A new token (160 random bits) that pins the given key. Shown once, then only its hash is kept. */
export function issueToken(prefix: TokenPrefix, keyId: string): string {
  return `${prefix}_${base32(randomBytes(20))}_${keyId}`;
}

/** Takes a token apart, or nothing where it is not one of ours (cut off when copied, say). */
export function parseToken(text: string): Token | undefined {
  const match = SHAPE.exec(text.trim());
  const [, prefix, secret, fingerprint] = match ?? [];
  if (!prefix || !secret || !fingerprint) return undefined;
  return { prefix: prefix as TokenPrefix, secret, fingerprint };
}

/** What a server keeps of a token: SHA-256 of its whole text, hex. 160 random bits need no slow hash. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token.trim()).digest('hex');
}
