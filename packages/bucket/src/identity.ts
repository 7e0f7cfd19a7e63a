import type { Bucket } from './bucket.ts';
import { bucketKey, problemKey } from './bucket.ts';
import { sha256 } from './sha256.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_BYTES = 16;
// 128 bits are 25 full base32 digits and 3 bits: the last digit can only be one whose low two bits are zero.
const DIGITS = /^[a-z2-7]{25}[aeimquy4]$/;

/** Short name of a bucket, safe in paths and URLs: `b` and 26 base32 digits over its key. */
export function bucketId(bucket: Bucket): string {
  return `b${digest(bucketKey(bucket))}`;
}

/** Short name of the problem a bucket belongs to: `p` and 26 base32 digits; equal across versions. */
export function problemId(bucket: Bucket): string {
  return `p${digest(problemKey(bucket))}`;
}

/** Whether a text is exactly a bucket id as {@link bucketId} prints them. */
export function isBucketId(text: unknown): text is string {
  return typeof text === 'string' && text[0] === 'b' && DIGITS.test(text.slice(1));
}

/** Whether a text is exactly a problem id as {@link problemId} prints them. */
export function isProblemId(text: unknown): text is string {
  return typeof text === 'string' && text[0] === 'p' && DIGITS.test(text.slice(1));
}

/** First 26 base32 digits over a text; `length` of them when a shorter mark is enough. */
export function digest(text: string, length = 26): string {
  return base32(sha256(new TextEncoder().encode(text)).subarray(0, ID_BYTES)).slice(0, length);
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((pending >>> (bits - 5)) & 31);
  }
  return bits > 0 ? text + ALPHABET.charAt((pending << (5 - bits)) & 31) : text;
}
