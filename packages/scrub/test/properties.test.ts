import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scrubText, scrubTree } from '../src/index.ts';
import { scan } from '../src/scanning/scan.ts';
import { settingsOf } from '../src/settings.ts';
import { BRED_PARTS, HOSTILE_PARTS } from './corpus/hostile.ts';
import { plantedSecrets } from './corpus/planted.ts';

const PARTS = [
  'password',
  'token',
  'key',
  'a',
  'x',
  '=',
  ':',
  ': ',
  '"',
  "'",
  '\\',
  '\\n',
  '\n',
  ' ',
  ',',
  ';',
  '&',
  '@',
  '.',
  '-',
  '--',
  '/',
  '//',
  '://',
  '%40',
  '%3D',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '<',
  '>',
  '[removed:email]',
  '[removed:',
  '~',
  '/home/',
  '/Users/',
  'C:\\Users\\',
  'bob',
  'example.com',
  'bob@example.com',
  '10.1.2.3',
  '4111111111111111',
  '4111 ',
  'fe80::1',
  'aa:bb:cc:dd:ee:ff',
  'Bearer ',
  'Basic ',
  'dXNlcjpwYXNz',
  'Authorization',
  'cookie',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  'eyJhbGciOiJIUzI1NiJ9',
  'ghp_',
  'aB3dE5fG7hI9jK1lM3nO5',
  'abcdefghijklmnopqrstuvwxyz0123456789',
  'sk-',
  '1',
  '2.',
  'é',
  '\ud800',
];

const hostile = fc.array(fc.constantFrom(...PARTS), { maxLength: 30 }).map((parts) => parts.join(''));
const anyText = fc.oneof(
  hostile,
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(...plantedSecrets(3, 5).map((p) => p.text)),
);

it('gives the same when it scrubs a second time', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = scrubText(text).text;
      expect(scrubText(once)).toEqual({ text: once, removed: [] });
    }),
    { numRuns: 5000 },
  );
});

/** Scrubs as `scrubText` does, but reads all of the text again in every pass and not only what is in doubt. */
function scrubWholly(text: string): string {
  let scanned = scan(text, settingsOf(undefined), new Map());
  for (let pass = 1; pass < 4 && scanned.doubtful.length > 0; pass += 1) {
    scanned = scan(scanned.text, settingsOf(undefined), new Map());
  }
  return scanned.text;
}

it('finds in the doubtful stretches all that reading everything again finds', () => {
  const parts = fc.constantFrom(...PARTS, ...HOSTILE_PARTS, ...BRED_PARTS);
  const mixed = fc.array(parts, { maxLength: 30 }).map((list) => list.join(''));
  fc.assert(
    fc.property(fc.oneof(mixed, anyText), (text) => {
      expect(scrubText(text).text).toBe(scrubWholly(text));
    }),
    { numRuns: 5000 },
  );
});

it('says that it removed something exactly when the text changed', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const result = scrubText(text);
      expect(result.removed.length > 0).toBe(result.text !== text);
    }),
    { numRuns: 2000 },
  );
});

it('takes any tree without throwing, and gives the same when it scrubs a second time', () => {
  fc.assert(
    fc.property(
      fc.object({ key: anyText, values: [anyText, fc.integer(), fc.double(), fc.constant(null)] }),
      (tree) => {
        const once = scrubTree(tree).value;
        const twice = scrubTree(once);
        expect(twice.value).toEqual(once);
        expect(twice.removed).toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
});

/** Put between any two parts of a text, these must not make a detector lose what comes behind. */
const SURROUNDINGS = [
  '',
  ' ',
  '\n',
  '"',
  "'",
  '(',
  '[',
  '{',
  '<',
  ',',
  ';',
  '\t',
  '\r\n',
  '[removed:email] ',
  '\ud800 ',
  '😀 ',
];
const PLANTED = plantedSecrets(11, 6);

it('finds a planted secret wherever in a text it stands', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PLANTED),
      hostile,
      fc.constantFrom(...SURROUNDINGS),
      fc.nat(3),
      ({ text, secret }, noise, around, lines) => {
        const before = noise.replaceAll(/["'`\\]/g, ' ');
        const placed = `${before}\n${'x y\n'.repeat(lines)}${around}${text}${around}\n${noise}`;
        expect(scrubText(placed).text.includes(secret)).toBe(false);
      },
    ),
    { numRuns: 3000 },
  );
});

it('finds a planted secret that another one stands beside', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PLANTED), { minLength: 2, maxLength: 5 }), (planted) => {
      const { text } = scrubText(planted.map((one) => one.text).join('\n'));
      expect(planted.filter(({ secret }) => text.includes(secret))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

it('takes the same from a text that comes in lines', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PLANTED), { minLength: 1, maxLength: 5 }), (planted) => {
      const whole = planted.filter(
        ({ kind }) => !kind.includes('key') && !kind.includes('pgp') && kind !== 'google service account',
      );
      const lines = whole.flatMap(({ text }) => text.split('\n'));
      const scrubbed = lines.map((line) => scrubText(line).text).join('\n');
      expect(whole.filter(({ secret }) => scrubbed.includes(secret))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

it('takes text of lone surrogates and of every other character', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }), (units) => {
      const text = String.fromCharCode(...units);
      const once = scrubText(`${text}\npassword=hunter2\n${text}`).text;
      expect(once).toContain('password=[removed:secret]');
      expect(scrubText(once).text).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

it('knows a marker behind a bracket for what it is', () => {
  const { text } = scrubText('[sk-aB3dE5fG7hI9jK1lM3nO5aa:bb:cc:dd:ee:ff');
  expect(scrubText(text)).toEqual({ text, removed: [] });
});

it('takes what is no text at all', () => {
  for (const value of [undefined, null, 3, {}, Symbol('x')]) {
    expect(scrubText(value as unknown as string)).toEqual({ text: '', removed: [] });
  }
});
