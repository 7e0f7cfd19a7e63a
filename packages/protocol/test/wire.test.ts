import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { MAX_DEPTH, MAX_ITEMS, ProtocolError } from '@fr/protocol';
import { decodeMessage, decompress, encodeMessage, messageFormat } from '@fr/protocol/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

function codeOf(step: () => unknown): string | undefined {
  try {
    step();
  } catch (error) {
    return error instanceof ProtocolError ? error.code : `not a ProtocolError: ${error}`;
  }
  return undefined;
}

/** JSON-like values within the limits, without members named like a prototype. */
const plain = fc
  .jsonValue({ maxDepth: 5 })
  .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));

describe('message bodies', () => {
  test.each(['msgpack', 'json'] as const)('what is written as %s is read back the same', (format) => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decodeMessage(encodeMessage(value, format), format)).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });

  test('members without a value are left out in both formats', () => {
    for (const format of ['msgpack', 'json'] as const) {
      expect(decodeMessage(encodeMessage({ a: 1, b: undefined }, format), format)).toEqual({ a: 1 });
    }
  });

  test('any bytes at all give a value or a ProtocolError', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('msgpack' as const, 'json' as const),
        (bytes, format) => {
          expect(codeOf(() => decodeMessage(bytes, format))).toSatisfy(
            (code) => code === undefined || !String(code).startsWith('not'),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('50 bytes that announce billions of items are refused before anything is built', () => {
    const bomb = new Uint8Array(50).map((_, at) => (at % 5 === 0 ? 0xdd : 0x7f));
    expect(codeOf(() => decodeMessage(bomb, 'msgpack'))).toBe('malformed');
  });

  test('deep nesting is refused in both formats', () => {
    const deep = MAX_DEPTH + 1;
    expect(codeOf(() => decodeMessage(new Uint8Array(deep + 1).fill(0x91, 0, deep), 'msgpack'))).toBe(
      'too-deep',
    );
    expect(codeOf(() => decodeMessage(Buffer.from('['.repeat(deep) + ']'.repeat(deep)), 'json'))).toBe(
      'too-deep',
    );
  });

  test('too many values are refused in both formats', () => {
    const many = MAX_ITEMS + 1;
    const head = Buffer.alloc(5);
    head.writeUInt8(0xdd);
    head.writeUInt32BE(many, 1);
    expect(codeOf(() => decodeMessage(Buffer.concat([head, Buffer.alloc(many, 1)]), 'msgpack'))).toBe(
      'too-large',
    );
    expect(codeOf(() => decodeMessage(Buffer.from(`[${'1,'.repeat(many)}1]`), 'json'))).toBe('too-large');
  });

  test('brackets inside strings are no nesting', () => {
    expect(decodeMessage(Buffer.from(JSON.stringify({ a: '\\"[[[['.repeat(50) })), 'json')).toEqual({
      a: '\\"[[[['.repeat(50),
    });
  });

  test('keys that reach a prototype and live objects of extensions are refused', () => {
    expect(codeOf(() => decodeMessage(Buffer.from('{"__proto__":{"x":1}}'), 'json'))).toBe('malformed');
    const map = Buffer.concat([Buffer.from([0x81, 0xa0 | 9]), Buffer.from('__proto__'), Buffer.from([0x80])]);
    expect(codeOf(() => decodeMessage(map, 'msgpack'))).toBe('malformed');
    expect(codeOf(() => decodeMessage(Uint8Array.from([0xd4, 0x78, 0x01]), 'msgpack'))).toBe('malformed');
  });

  test('gzip and zstd are undone, brotli is refused, bombs stop at the limit', async () => {
    const body = Buffer.from('x'.repeat(10_000));
    expect(Buffer.from(await decompress(gzipSync(body), 'gzip')).toString()).toBe(body.toString());
    expect(Buffer.from(await decompress(zstdCompressSync(body), 'zstd')).toString()).toBe(body.toString());
    await expect(decompress(brotliCompressSync(body), 'br')).rejects.toMatchObject({
      code: 'unsupported-encoding',
    });
    for (const [encoding, bomb] of [
      ['gzip', gzipSync(Buffer.alloc(64 << 20))],
      ['zstd', zstdCompressSync(Buffer.alloc(64 << 20))],
    ] as const) {
      await expect(decompress(bomb, encoding)).rejects.toMatchObject({ code: 'too-large' });
    }
    await expect(decompress(body, 'gzip')).rejects.toMatchObject({ code: 'malformed' });
  });

  test('the format is read from the content type, parameters aside', () => {
    expect(messageFormat('application/json; charset=utf-8')).toBe('json');
    expect(messageFormat('Application/MSGPACK')).toBe('msgpack');
    expect(messageFormat('text/plain')).toBeUndefined();
    expect(messageFormat(undefined)).toBeUndefined();
  });
});
