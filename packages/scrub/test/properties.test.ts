import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scrubText, scrubTree } from '../src/index.ts';
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

it('knows a marker behind a bracket for what it is', () => {
  const { text } = scrubText('[sk-aB3dE5fG7hI9jK1lM3nO5aa:bb:cc:dd:ee:ff');
  expect(scrubText(text)).toEqual({ text, removed: [] });
});

it('takes what is no text at all', () => {
  for (const value of [undefined, null, 3, {}, Symbol('x')]) {
    expect(scrubText(value as unknown as string)).toEqual({ text: '', removed: [] });
  }
});
