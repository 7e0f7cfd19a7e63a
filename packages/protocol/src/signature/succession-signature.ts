/**
 * How a server's key gives way to another, and how whoever has pinned one of them follows. A chain leads from older keys
 * to the one that is presented; it is followed forwards only, and each of its links is signed at both ends.
 * @module
 */
import { sign, verify } from 'node:crypto';
import { MAX_SUCCESSIONS } from '../limits.ts';
import type { Succession } from '../succession.ts';
import { canonicalJson } from './canonical-json.ts';
import { fingerprint, importPublicKey, type PresentedKey, type SigningKey } from './key.ts';

/** A key that has given way. What it signed before then holds until it ends. */
export interface RetiredKey {
  readonly keyId: string;
  readonly publicKey: string;
  /** When it gave way, in milliseconds since 1970. */
  readonly at: number;
}

/** A presented key that may be believed. */
export interface FollowedKey {
  /** Fingerprints known now, oldest first; the last is that of the presented key. */
  readonly known: readonly string[];
  /** Keys it took the place of, of whatever age. */
  readonly retired: readonly RetiredKey[];
}

/**
 * `foreign-key`: no chain leads from the known key to this one. `retired-key`: it has been replaced by the one that is known.
 * `bad-succession`: the chain is broken, altered, or leads in a circle.
 */
export type SuccessionRefusal = 'foreign-key' | 'retired-key' | 'bad-succession';

function signedBytes({ from, to, at }: Pick<Succession, 'from' | 'to' | 'at'>): Buffer {
  return Buffer.from(`fr-succession-1\n${canonicalJson({ at, from, to })}`);
}

/** Both keys' word that `to` takes the place of `from`. */
export function signSuccession(from: SigningKey, to: SigningKey, at: number): Succession {
  const said = { from: from.publicKey, to: to.publicKey, at };
  const signedBy = ({ privateKey }: SigningKey): string =>
    sign(null, signedBytes(said), privateKey).toString('base64url');
  return { ...said, given: signedBy(from), taken: signedBy(to) };
}

/**
 * Whether a presented key is the known one, or has taken its place. `known`: fingerprints, oldest first, the last being the
 * one in force; whoever stores what this returns never goes back to an earlier one.
 */
export function followSuccession(
  known: readonly string[],
  { key, succession = [] }: PresentedKey,
): FollowedKey | SuccessionRefusal {
  const inForce = known.at(-1);
  if (!isChain(succession, key)) return 'bad-succession';
  const retired = succession.map(({ from, at }) => ({
    keyId: fingerprint(from),
    publicKey: from,
    at,
  }));
  const presented = fingerprint(key);
  if (presented === inForce) return { known, retired };
  if (known.includes(presented)) return 'retired-key';
  const start = retired.findIndex(({ keyId }) => keyId === inForce);
  if (start < 0) return 'foreign-key';
  const further = succession.slice(start).map(({ to }) => fingerprint(to));
  if (further.some((keyId) => known.includes(keyId))) return 'retired-key';
  return { known: [...known, ...further].slice(-MOST_KNOWN), retired };
}

/** Keys a receiver remembers of one server. */
const MOST_KNOWN = 4 * MAX_SUCCESSIONS;

function isChain(succession: readonly Succession[], key: string): boolean {
  if (succession.length > MAX_SUCCESSIONS) return false;
  const keys = [...succession.map(({ from }) => from), key];
  if (new Set(keys.map(fingerprint)).size < keys.length) return false;
  return succession.every(
    (link, place) =>
      link.to === keys[place + 1] &&
      link.at >= (succession[place - 1]?.at ?? 0) &&
      isSigned(link, link.from, link.given) &&
      isSigned(link, link.to, link.taken),
  );
}

function isSigned(link: Succession, by: string, signature: string): boolean {
  return verify(null, signedBytes(link), importPublicKey(by), Buffer.from(signature, 'base64url'));
}
