/**
 * A server's Ed25519 key pair and how its public half is named. The fingerprint travels inside tokens, so that a
 * site knows its vendor, and a reporter its site, before the first byte is exchanged.
 * @module
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { ProtocolError } from '../protocol-error.ts';
import type { Succession } from '../succession.ts';
import { base32 } from './base32.ts';

/** A key that can sign. */
export interface SigningKey {
  /** Fingerprint of the public key: base32 of the first 128 bits of its SHA-256, 26 characters. */
  readonly keyId: string;
  /** Raw public key, base64url of 32 bytes. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  /** How it came to take the place of earlier ones, oldest first. Default: there was none. */
  readonly succession?: readonly Succession[];
}

/** What a server presents of its key: the public half (base64url), and how it came to it. */
export interface PresentedKey {
  readonly key: string;
  readonly succession?: readonly Succession[];
}

/** A key as it is shown to whoever has pinned it, or one before it. */
export function presentKey({
  publicKey,
  succession = [],
}: Pick<SigningKey, 'publicKey' | 'succession'>): PresentedKey {
  return { key: publicKey, ...(succession.length > 0 && { succession }) };
}

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Fingerprint of a raw public key (base64url). */
export function fingerprint(publicKey: string): string {
  return base32(createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest().subarray(0, 16));
}

/** A new key pair. */
export function generateSigningKey(): SigningKey {
  return signingKey(generateKeyPairSync('ed25519').privateKey);
}

/** Reads a key back from PKCS#8 PEM. */
export function parseSigningKey(pem: string): SigningKey {
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== 'ed25519')
      throw new TypeError(`its type is ${privateKey.asymmetricKeyType}`);
    return signingKey(privateKey);
  } catch (cause) {
    throw new ProtocolError('malformed', 'this is not an Ed25519 private key in PEM form', { cause });
  }
}

/** PKCS#8 PEM of the private key; keep it in a file only its owner can read. */
export function printSigningKey(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signingKey(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const publicKey = spki.subarray(SPKI_PREFIX.length).toString('base64url');
  return { keyId: fingerprint(publicKey), publicKey, privateKey };
}

/** The key object of a raw public key (base64url of 32 bytes). */
export function importPublicKey(publicKey: string): KeyObject {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) throw new ProtocolError('malformed', 'a public key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}
