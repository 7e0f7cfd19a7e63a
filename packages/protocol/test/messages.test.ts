import { readFileSync } from 'node:fs';
import {
  decodeEntryHeader,
  decodeHitsReply,
  decodeHitsRequest,
  decodeLeaseReply,
  decodeLeaseRequest,
  decodeOffer,
  decodeOfferReply,
  decodeSignedAnswer,
  decodeSignedDemand,
  ProtocolError,
} from '@fr/protocol';
import { decodeMessage, encodeMessage } from '@fr/protocol/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const DECODERS = {
  decodeHitsRequest,
  decodeHitsReply,
  decodeLeaseRequest,
  decodeLeaseReply,
  decodeOffer,
  decodeOfferReply,
  decodeSignedAnswer,
  decodeSignedDemand,
  decodeEntryHeader,
} as const;

interface Vector {
  readonly name: string;
  readonly decoder: keyof typeof DECODERS;
  readonly value: unknown;
  /** Where decoding fails; absent for messages that are fine. */
  readonly path?: string;
  /** The message as msgpack, hex; for messages that are fine. */
  readonly msgpack?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('./vectors/messages.json', import.meta.url), 'utf8'),
) as readonly Vector[];

describe('messages', () => {
  test.each(vectors.filter(({ path }) => path === undefined))(
    '$name is read, from msgpack too',
    ({ decoder, value, msgpack }) => {
      expect(DECODERS[decoder](value)).toEqual(value);
      expect(DECODERS[decoder](decodeMessage(Buffer.from(msgpack ?? '', 'hex'), 'msgpack'))).toEqual(value);
      expect(Buffer.from(encodeMessage(value, 'msgpack')).toString('hex')).toBe(msgpack);
    },
  );

  test.each(vectors.filter(({ path }) => path !== undefined))(
    '$name is refused, naming the place',
    ({ decoder, value, path }) => {
      expect(() => DECODERS[decoder](value)).toThrow(
        expect.objectContaining({ name: 'ProtocolError', path }),
      );
    },
  );

  test('members of a newer peer are left behind', () => {
    const vector = vectors.find(({ decoder }) => decoder === 'decodeHitsRequest');
    const newer = { ...(vector?.value as object), color: 'blue' };
    expect(decodeHitsRequest(newer)).toEqual(vector?.value);
  });

  test('anything at all gives a value or a ProtocolError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(DECODERS)), fc.anything(), (decode, value) => {
        try {
          decode(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
