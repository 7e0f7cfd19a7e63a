import type { Bucket } from './bucket.ts';
import { bucketKey, problemKey } from './bucket.ts';
import { sha256 } from './sha256.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

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
  return isId('b', text);
}

/** Whether a text is exactly a problem id as {@link problemId} prints them. */
export function isProblemId(text: unknown): text is string {
  return isId('p', text);
}

// 128 bits are 25 full base32 digits and 3 bits: the last digit can only be one whose low two bits are zero.
function isId(mark: string, text: unknown): boolean {
  return typeof text === 'string' && text[0] === mark && /^.[a-z2-7]{25}[aeimquy4]$/.test(text);
}

/** 128 bits of the SHA-256 of a text are 26 base32 digits; fewer when a shorter mark is enough. */
export function digest(text: string, length = 26): string {
  const words = sha256(text);
  words[4] = 0;
  let digits = '';
  for (let bit = 0; digits.length < length; bit += 5) {
    const [high = 0, low = 0] = words.slice(bit >> 5);
    const shift = bit & 31;
    const five = ((high << shift) | (shift && low >>> (32 - shift))) >>> 27;
    digits += ALPHABET[five];
  }
  return digits;
}
