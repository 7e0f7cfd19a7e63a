import { normaliseId, parseId, printId, uuidv7 } from '@fr/protocol/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('ids', () => {
  test('carry their time in front, version and variant, and repeat with the same seed', () => {
    const id = uuidv7({ now: () => 0x0123456789ab, random: (bytes) => bytes.fill(0xff) });
    expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
    expect(uuidv7()).not.toBe(uuidv7());
  });

  test('are printed one way, however they were written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const printed = printId(bytes);
        expect(parseId(printed)).toEqual(bytes);
        expect(normaliseId(printed.toUpperCase())).toBe(printed);
        expect(normaliseId(printed.replaceAll('-', ''))).toBe(printed);
      }),
    );
  });

  test.each([
    '',
    '../../etc/passwd',
    '01234567-89ab-7fff-bfff-fffffffffff/',
    'g'.repeat(32),
    '0'.repeat(33),
    '-'.repeat(36),
  ])('%j is no id', (text) => {
    expect(normaliseId(text)).toBeUndefined();
  });
});
