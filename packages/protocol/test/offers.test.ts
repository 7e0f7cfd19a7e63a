import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { decodeOffer, MAX_EXPANSION, type Offer, offerColumns } from '@fr/protocol';
import { compress, decodeMessage, decompress, encodeMessage } from '@fr/protocol/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';

interface Vector {
  readonly name: string;
  readonly columns: unknown;
  readonly offer?: Offer;
  readonly msgpack?: string;
  readonly path?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('./vectors/offers.json', import.meta.url), 'utf8'),
) as readonly Vector[];

test.each(vectors.filter(({ offer }) => offer))('$name: written and read as columns', (vector) => {
  const { offer, columns, msgpack = '' } = vector;
  expect(decodeOffer(columns)).toEqual(offer);
  expect(decodeOffer(decodeMessage(Buffer.from(msgpack, 'hex'), 'msgpack'))).toEqual(offer);
  expect(Buffer.from(encodeMessage(offerColumns(offer as Offer), 'msgpack')).toString('hex')).toBe(msgpack);
});

test.each(vectors.filter(({ path }) => path))('$name: refused, naming the place', ({ columns, path }) => {
  expect(() => decodeOffer(columns)).toThrow(expect.objectContaining({ name: 'ProtocolError', path }));
});

const count = fc.integer({ min: 0, max: 1_000_000 });
const holds = fc.uniqueArray(
  fc.record({ type: fc.constantFrom('stack', 'environment', 'x-own', 'attachment:log'), count }),
  { selector: ({ type }) => type, maxLength: 4 },
);
const word = fc.string({ minLength: 1, maxLength: 40 });
const bucket = fc.record({
  program: word,
  programVersion: word,
  module: word,
  moduleVersion: word,
  location: word,
});

test('any offer comes back from its columns as it was', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bucket, hits: count, holds }), { maxLength: 20 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 40 }), { maxLength: 20 }),
      fc.array(fc.option(holds, { nil: undefined }), { minLength: 20, maxLength: 20 }),
      fc.integer({ min: 1, max: 1000 }),
      (full, numbers, sets, first) => {
        const numbered = numbers
          .sort((a, b) => a - b)
          .map((number, place) => ({ number, hits: place, ...(sets[place] && { holds: sets[place] }) }));
        const offer: Offer = {
          protocol: 1,
          origin: { id: '01890a5d-ac96-774b-bcce-b302099a8057', epoch: 1 },
          mark: { cursor: 7, nonce: 8 },
          after: [0],
          table: 9,
          buckets: full.map((one, place) => ({ ...one, number: first + place })),
          ...(numbered.length > 0 && { numbered }),
          tag: 'tag',
        };
        const bytes = encodeMessage(offerColumns(offer), 'msgpack');
        expect(decodeOffer(decodeMessage(bytes, 'msgpack'))).toEqual(offer);
        // A map for each bucket says the same.
        expect(decodeOffer(JSON.parse(JSON.stringify(offer)))).toEqual(offer);
      },
    ),
  );
});

test('a count of a bucket that has a number takes four bytes', () => {
  const numbered = Array.from({ length: 1000 }, (_, place) => ({ number: place + 1, hits: 200 + place }));
  const origin = { id: '01890a5d-ac96-774b-bcce-b302099a8057', epoch: 1 };
  const bytes = encodeMessage(offerColumns({ protocol: 1, origin, buckets: [], numbered }), 'msgpack');
  expect(bytes.byteLength / 1000).toBeLessThan(4.2);
});

test('a body is compressed where that helps, and never so far that a receiver would refuse it', async () => {
  const small = new Uint8Array(100);
  expect(compress(small)).toEqual({ bytes: small });
  const text = new TextEncoder().encode('a bucket, and another one; '.repeat(100));
  const packed = compress(text);
  expect([packed.encoding, packed.bytes.byteLength < 200]).toEqual(['gzip', true]);
  expect(Buffer.from(await decompress(packed.bytes, packed.encoding)).equals(text)).toBe(true);
  const hollow = new Uint8Array(2 * 1024 * 1024);
  expect(gzipSync(hollow).byteLength * MAX_EXPANSION).toBeLessThan(hollow.byteLength);
  expect(compress(hollow).encoding).toBeUndefined();
});
