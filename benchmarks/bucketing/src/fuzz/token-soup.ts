/** Texts made of the pieces that parsers decide by, in no order. */
import type { Random } from './random.ts';

const STACK_PIECES: readonly [string, ...string[]] = [
  '\n    at ',
  '\n',
  'at ',
  'async ',
  'new ',
  ' (',
  ')',
  ' [as ',
  ']',
  '@',
  ':1:2',
  ':',
  ':99999999999999999999',
  '/',
  '\\',
  'eval at ',
  '(eval at f (',
  ', <anonymous>:1:1)',
  ' > eval',
  ' line 3 > eval:1:1',
  'node_modules/',
  '.pnpm/a@1.0.0/node_modules/a/',
  'node:internal/',
  'file://',
  'file:///C:/',
  'https://h.example/',
  'webpack-internal:///',
  'wasm://wasm/0:wasm-function[1]:0x1',
  '[native code]',
  '<anonymous>',
  'index 0',
  'global code@',
  'async*f@',
  '%',
  '%E0%A4',
  '%2e%2e/',
  '..',
  '?v=1',
  '#',
  'dist/',
  'src/',
  'package.json',
  '.js',
  '.min.js',
  '-a1B2c3D4.js',
  'f',
  'Object.<anonymous>',
  'Error: ',
  'RangeError',
  'Maximum call stack size exceeded',
  '\ud800',
  '\udc00',
  '\u2028',
  '\u0000',
  '\u202e',
  '\ufeff',
  '😀',
  '\r\n',
  '\t',
  '|',
  '!',
  '~',
  '>',
];

const CODE_PIECES: readonly [string, ...string[]] = [
  'function f(',
  ') {',
  '}',
  '=>',
  'class A {',
  '#p',
  'get x() {',
  'static {',
  '({',
  '[',
  ']',
  '(',
  ')',
  '`',
  '${',
  "'",
  '"',
  '\\',
  '/',
  '//',
  '/*',
  '*/',
  '/[',
  '=/',
  '?.',
  '??',
  '...',
  ';',
  ',',
  '\n',
  '\n\n',
  ' ',
  'throw new Error(',
  'return ',
  'await ',
  'if (',
  'else ',
  'switch (',
  'case 1:',
  'import x from ',
  'export default ',
  'x',
  'parse',
  '1e3',
  '0x',
  ': string',
  '<T>',
  'as ',
  '@dec',
  '\u2028',
  '\ud800',
  '😀',
  '//# sourceMappingURL=',
  '//# debugId=00000000-0000-0000-0000-000000000000',
  'data:application/json;base64,',
];

const MAP_PIECES: readonly [string, ...string[]] = [
  '{',
  '}',
  '[',
  ']',
  '"version":3',
  '"mappings":"',
  'AAAA',
  ';',
  ',',
  'gggggggB',
  '//////////',
  '"sources":["a.js",null]',
  '"sourcesContent":[null,"x"]',
  '"sections":[',
  '"offset":{"line":0,"column":0}',
  '"offset":null',
  '"map":',
  '"names":[]',
  '"debugId":1',
  '"sourceRoot":"/"',
  'null',
  '-1',
  '"',
  ":'",
  ")]}'\n",
];

export type Soup = 'stack' | 'code' | 'map';

const SOUPS: Readonly<Record<Soup, readonly [string, ...string[]]>> = {
  stack: STACK_PIECES,
  code: CODE_PIECES,
  map: MAP_PIECES,
};

export function soup(random: Random, kind: Soup, most = 40): string {
  const pieces = SOUPS[kind];
  return random.list(most, () => (random.oneIn(12) ? anyCharacters(random) : random.pick(pieces))).join('');
}

function anyCharacters(random: Random): string {
  return String.fromCharCode(...random.list(6, () => random.below(random.oneIn(3) ? 0x10000 : 0x80)));
}

/** A text after a few accidents: pieces lost, doubled, moved, mixed with soup; seldom one repeated a thousandfold. */
export function mutated(random: Random, text: string, kind: Soup): string {
  let result = text;
  for (let accidents = 1 + random.below(4); accidents > 0; accidents--)
    result = accident(random, result, kind);
  return random.oneIn(200) ? blownUp(random, result) : result;
}

function accident(random: Random, text: string, kind: Soup): string {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + random.below(random.oneIn(3) ? text.length + 1 : 12));
  const piece = text.slice(from, to);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1:
      return text.slice(0, to) + piece + text.slice(to);
    case 2: {
      const at = random.below(text.length + 1);
      return text.slice(0, at) + piece + text.slice(at);
    }
    case 3:
      return text.slice(0, from) + soup(random, kind, 6) + text.slice(to);
    default:
      return text.slice(0, from) + random.pick(SOUPS[kind]) + text.slice(from);
  }
}

const MOST_CHARACTERS = 1 << 20;

/** Repeats a piece until the text is large: time per character must not grow with that. */
function blownUp(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const piece = text.slice(at, at + 1 + random.below(40)) || 'at ';
  const characters = 1 << (10 + random.below(11));
  const times = Math.ceil(Math.min(characters, MOST_CHARACTERS) / piece.length);
  return text.slice(0, at) + piece.repeat(times) + text.slice(at);
}
