import { readFileSync } from 'node:fs';
import { decodeHitsRequest, type Hit, type HitsRequest, OUTCOMES, ProtocolError } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { createHitsReader, decodeMessage, encodeMessage, type HitsReader } from '@fr/protocol/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

interface Vector {
  readonly name: string;
  readonly decoder: string;
  readonly value: unknown;
}

const vectors = JSON.parse(
  readFileSync(new URL('./vectors/messages.json', import.meta.url), 'utf8'),
) as readonly Vector[];

const hit: fc.Arbitrary<Hit> = fc.record({
  reportId: fc.uuid(),
  bucket: fc.record({
    program: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 600 }),
    programVersion: fc.string({ unit: 'binary', maxLength: 40 }),
    module: fc.string({ maxLength: 300 }),
    moduleVersion: fc.string({ maxLength: 40 }),
    location: fc.string({ minLength: 1, maxLength: 600 }),
  }),
  count: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 2_000_000_000 })),
  outcome: fc.constantFrom(...OUTCOMES),
  at: fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.maxSafeNat()),
});

const bodies = fc
  .array(hit, { maxLength: 20 })
  .map((hits) => encodeMessage({ protocol: 1, hits }, 'msgpack'));

function slowly(body: Uint8Array): HitsRequest {
  return decodeHitsRequest(decodeMessage(body, 'msgpack'));
}

/** What a reader makes of a body, refusals included. */
function outcomeOf(read: HitsReader, body: Uint8Array): unknown {
  try {
    return read(body);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return [error.code, error.path, error.message];
  }
}

describe('the reader of hits', () => {
  test.each(vectors.filter(({ decoder }) => decoder === 'decodeHitsRequest'))(
    'agrees with gate and decoder on: $name',
    ({ value }) => {
      const [read, body] = [createHitsReader(), encodeMessage(value, 'msgpack')];
      for (let time = 0; time < 2; time++) expect(outcomeOf(read, body)).toEqual(outcomeOf(slowly, body));
    },
  );

  test('agrees with them on hits of every kind, whatever it has read before', () => {
    const read = createHitsReader();
    fc.assert(
      fc.property(bodies, (body) => {
        for (let time = 0; time < 2; time++) expect(outcomeOf(read, body)).toEqual(outcomeOf(slowly, body));
      }),
      { numRuns: 500 },
    );
  });

  test('agrees with them on bodies of which bytes were changed, cut off or added', () => {
    const read = createHitsReader();
    const change = fc.record({
      at: fc.nat(),
      byte: fc.oneof(
        fc.constantFrom(0x80, 0x85, 0xa0, 0xc0, 0xc1, 0xcb, 0xcf, 0xd3, 0xd9, 0xdb, 0xdf, 0xff),
        fc.nat(255),
      ),
      removed: fc.nat(3),
      added: fc.nat(2),
    });
    fc.assert(
      fc.property(bodies, fc.array(change, { minLength: 1, maxLength: 3 }), (body, changes) => {
        let bytes = Buffer.from(body);
        for (const { at, byte, removed, added } of changes) {
          const place = at % (bytes.byteLength + 1);
          const rest = bytes.subarray(Math.min(place + removed, bytes.byteLength));
          bytes = Buffer.concat([bytes.subarray(0, place), Buffer.alloc(added, byte), rest]);
        }
        expect(outcomeOf(read, bytes)).toEqual(outcomeOf(slowly, bytes));
      }),
      { numRuns: 5_000 },
    );
  });

  test('agrees with them on members in any order, left out, twice or unknown', () => {
    const names = fc.constantFrom('reportId', 'bucket', 'count', 'outcome', 'at', 'more');
    const read = createHitsReader();
    fc.assert(
      fc.property(hit, fc.array(names, { minLength: 3, maxLength: 6 }), (one, order) => {
        const members: Readonly<Record<string, unknown>> = { ...one, more: [1] };
        const printed = order.flatMap((name) => [
          encodeMessage(name, 'msgpack'),
          encodeMessage(members[name], 'msgpack'),
        ]);
        const head = encodeMessage({ protocol: 1, hits: [] }, 'msgpack').slice(0, -1);
        const body = Buffer.concat([head, Uint8Array.of(0x91, 0x80 + order.length), ...printed]);
        expect(outcomeOf(read, body)).toEqual(outcomeOf(slowly, body));
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives one frozen value for the same bucket', () => {
    const read = createHitsReader();
    const bucket = {
      program: 'shop',
      programVersion: '1',
      module: 'm',
      moduleVersion: '2',
      location: 'a.ts#f',
    };
    const body = (): Uint8Array =>
      encodeMessage(
        { protocol: 1, hits: [{ reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: 1 }] },
        'msgpack',
      );
    const [first, second] = [read(body()).hits[0], read(body()).hits[0]];
    expect(second?.bucket).toBe(first?.bucket);
    expect(Object.isFrozen(first?.bucket)).toBe(true);
  });
});
