import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bucket } from '../src/index.ts';
import { bucketId, bucketKey, isBucketId, isProblemId, parseBucketKey, problemId } from '../src/index.ts';

const bucket: Bucket = {
  program: 'shop',
  programVersion: '1.2.0',
  module: 'shop',
  moduleVersion: '1.2.0',
  location: 'price#totalOf!TypeError',
};
const field = fc.string({ unit: 'grapheme' });
const anyBucket = fc.record({
  program: field,
  programVersion: field,
  module: field,
  moduleVersion: field,
  location: field,
});

describe('names of a bucket', () => {
  it('prints a key of six fields', () => {
    expect(bucketKey(bucket)).toBe('v1|shop|1.2.0|shop|1.2.0|price#totalOf!TypeError');
  });

  it('escapes what would break a key in two', () => {
    const odd = { ...bucket, program: 'a|b%c\nd' };
    expect(bucketKey(odd)).toBe('v1|a%7Cb%25c%0Ad|1.2.0|shop|1.2.0|price#totalOf!TypeError');
    expect(parseBucketKey(bucketKey(odd))).toEqual(odd);
  });

  it('gives back every bucket from its key', () => {
    fc.assert(
      fc.property(anyBucket, (any) => {
        expect(parseBucketKey(bucketKey(any))).toEqual(any);
      }),
    );
  });

  it('reads only keys that it would print', () => {
    for (const key of ['', 'v1', 'v2|a|b|c|d|e', 'v1|a|b|c|d|e|f', 'v1|%41|b|c|d|e', 'v1|%|b|c|d|e']) {
      expect(parseBucketKey(key)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseBucketKey(text);
        expect(parsed === undefined || bucketKey(parsed) === text).toBe(true);
      }),
    );
  });

  it('makes ids from the first 128 bits of the SHA-256 of the key', () => {
    fc.assert(
      fc.property(anyBucket, (any) => {
        const wanted = createHash('sha256').update(bucketKey(any)).digest().subarray(0, 16);
        expect(bytesOf(bucketId(any).slice(1))).toEqual([...wanted]);
      }),
    );
  });

  it('gives versions of one problem different buckets', () => {
    const next = { ...bucket, programVersion: '1.3.0', moduleVersion: '1.3.0' };
    expect(problemId(next)).toBe(problemId(bucket));
    expect(bucketId(next)).not.toBe(bucketId(bucket));
  });

  it('knows an id when it sees one', () => {
    expect(isBucketId(bucketId(bucket))).toBe(true);
    expect(isProblemId(problemId(bucket))).toBe(true);
    for (const other of [
      problemId(bucket),
      '',
      'b',
      bucketId(bucket).toUpperCase(),
      `${bucketId(bucket)}a`,
      7,
    ]) {
      expect(isBucketId(other)).toBe(false);
    }
    expect(isBucketId(`b${'a'.repeat(25)}b`)).toBe(false);
  });
});

function bytesOf(base32: string): number[] {
  const bits = [...base32].map((digit) =>
    'abcdefghijklmnopqrstuvwxyz234567'.indexOf(digit).toString(2).padStart(5, '0'),
  );
  return (bits.join('').slice(0, 128).match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}
