import { type Detector, type Finding, finding } from '../detector.ts';
import { looksRandom, mayBeLong, RUN } from '../entropy.ts';
import type { Phrase } from '../lists/phrases.ts';
import { itemsAt, type PrefixTree, prefixTree } from '../lists/prefix-tree.ts';
import { judgeKey, KEY_LIMIT } from '../lists/secret-keys.ts';
import {
  BLANK,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  GOES_ON,
  is,
  KEY_SIGN,
  LETTER,
  LINE_END,
  QUOTE,
  skip,
  skipBack,
  spells,
  spellsAnyCase,
  WORD,
} from '../scanning/character.ts';
import { markerEnd } from '../scanning/marker.ts';
import { before, type Page, saw } from '../scanning/page.ts';
import {
  bareValue,
  lineValue,
  quotedValue,
  quoteOpens,
  type Value,
  valueSees,
  withSchemeWord,
} from '../value.ts';

/** Key and value around `=` or `:`, in the ways that code, JSON, YAML, headers, queries and logs write them. */
export const PAIR: Detector = { wakes: [['=:', GOES_ON]], detect: detectPair };

const EQUALS = 61;
const COLON = 58;
const SLASH = 47;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACE = 123;

/** How far a value was looked at that is none. */
const VALUE_REACH = 66;

interface Key {
  start: number;
  end: number;
  /** The quote around the key, or directly in front of a bare one (`"Cookie: …"`); 0 for none. */
  quote: number;
}

/** The key under view: one at a time, so that a separator costs no garbage. */
const key: Key = { start: 0, end: 0, quote: 0 };

function detectPair(page: Page, at: number): Finding | undefined {
  const { codes, settings } = page;
  if (!is(before(page, at), KEY_SIGN)) return undefined;
  if (!mayHaveKey(page, at) && isShort(codes, at + 1)) return undefined;
  const from = valueStart(codes, at);
  if (from < 0 || !keyBefore(page, at)) return undefined;
  const phrase = judgeKey(settings.keys, codes, key.start, key.end);
  if (phrase === undefined) return mayBeRandom(codes, from) ? randomValue(page, from) : undefined;
  if (isProse(page, at, from)) return saw(page, from + 20);
  const value = secretValue(page, phrase, at, from);
  if (value === undefined || value.end <= value.start) return saw(page, from + VALUE_REACH);
  if (markerEnd(codes, value.start) === value.end) return saw(page, valueSees(codes, value.end));
  return finding(phrase.rule, value.start, value.end, valueSees(codes, value.end));
}

/** Keys shorter than three characters name no secret, and most separators in code stand behind such. */
function mayHaveKey({ codes, floor }: Page, at: number): boolean {
  return at - 3 >= floor && is(codeAt(codes, at - 2), KEY_SIGN) && is(codeAt(codes, at - 3), KEY_SIGN);
}

/** True when a value begins right there and is too short to look random. */
function isShort(codes: Uint8Array, from: number): boolean {
  return is(codeAt(codes, from), RUN) && !mayBeLong(codes, from);
}

/** Finds the key in front of the separator at `at`. */
function keyBefore(page: Page, at: number): boolean {
  const { codes } = page;
  const limit = Math.max(page.floor, at - KEY_LIMIT);
  let end = skipBack(codes, at, BLANK, limit);
  if (end > limit && isKeyTail(codeAt(codes, end - 1))) end -= 1;
  if (end <= limit) return false;
  const last = codeAt(codes, end - 1);
  return is(last, QUOTE) ? quotedKey(codes, limit, end - 1, last) : bareKey(page, limit, end);
}

/** `key?:`, `key!:` of TypeScript and `data[key]=`. */
function isKeyTail(code: number): boolean {
  return code === 63 || code === 33 || code === 93;
}

function quotedKey(codes: Uint8Array, limit: number, closing: number, quote: number): boolean {
  let end = closing;
  while (end > limit && codeAt(codes, end - 1) === BACKSLASH) end -= 1;
  const start = skipBack(codes, end, WORD | DASH | DOT | BLANK, limit);
  return found(start, end, quote);
}

function bareKey(page: Page, limit: number, end: number): boolean {
  const { codes } = page;
  let start = skipBack(codes, end, WORD | DASH | DOT, limit);
  if (start === end) return false;
  const previous = before(page, start);
  if (is(previous, QUOTE)) return found(start, end, previous);
  // The n of an escaped line feed is not the key's first letter.
  if (previous === BACKSLASH && isEscape(codeAt(codes, start))) start += 1;
  return found(start, end, 0);
}

/** Of a line feed, a carriage return, a tab. */
function isEscape(code: number): boolean {
  return code === 110 || code === 114 || code === 116;
}

function found(start: number, end: number, quote: number): boolean {
  key.start = start;
  key.end = end;
  key.quote = quote;
  return start < end;
}

/** Where the value behind the separator at `at` begins; -1 when there is none on this line or it is no pair. */
function valueStart(codes: Uint8Array, at: number): number {
  let from = at + 1;
  const next = codeAt(codes, from);
  if (
    codeAt(codes, at) === COLON &&
    (next === COLON || (next === SLASH && codeAt(codes, from + 1) === SLASH))
  ) {
    return -1;
  }
  while (from < at + 4 && (codeAt(codes, from) === EQUALS || codeAt(codes, from) === 62)) from += 1;
  from = skip(codes, from, BLANK, from + 32);
  return is(codeAt(codes, from), LINE_END) ? -1 : from;
}

/** Positions (`token.js:12:3`), parser messages and working folders look like pairs and are none. */
function isProse(page: Page, at: number, from: number): boolean {
  const { codes } = page;
  if (codeAt(codes, at) === COLON) {
    const previous = before(page, key.start);
    const inPath = previous === SLASH || previous === BACKSLASH;
    if (inPath && is(codeAt(codes, at + 1), DIGIT) && positionEnd(codes, at + 1)) return true;
    if (key.start - 10 >= page.floor && spells(codes, key.start - 10, 'nexpected ')) return true;
  }
  if (isKey(codes, 'pwd') || isKey(codes, 'oldpwd')) {
    return /^(?:[/~]|[A-Za-z]:[\\/])/.test(page.text.slice(from, from + 3));
  }
  // Test runners count: "pass: 12".
  return (
    isKey(codes, 'pass') && is(codeAt(codes, from), DIGIT) && skip(codes, from, DIGIT, from + 5) < from + 5
  );
}

function isKey(codes: Uint8Array, name: string): boolean {
  return key.end - key.start === name.length && spellsAnyCase(codes, key.start, name);
}

function positionEnd(codes: Uint8Array, at: number): boolean {
  let end = skip(codes, at, DIGIT, at + 9);
  if (codeAt(codes, end) === COLON) end = skip(codes, end + 1, DIGIT, end + 10);
  return !is(codeAt(codes, end), WORD | DASH);
}

function secretValue(page: Page, phrase: Phrase, at: number, from: number): Value | undefined {
  const { codes } = page;
  const escapes = quoteOpens(codes, from);
  if (escapes >= 0) return quotedValue(codes, from, escapes);
  const code = codeAt(codes, from);
  if (code === BRACKET && markerEnd(codes, from) < 0) return listValue(page, from);
  if (code === BRACE) return bracedValue(page, at, from);
  const colon = codeAt(codes, at) === COLON;
  const whole = phrase.takes === 'header' || phrase.takes === 'sentence';
  if (whole && colon) return lineValue(codes, from, key.quote);
  if (from > at + 1 && isCode(codes, from)) return saw(page, from + 65);
  const value = bareValue(codes, from);
  if (isNoSecret(codes, value) || (phrase.takes === 'opaque' && colon && !isOpaque(codes, value)))
    return saw(page, value.end + 2);
  return withSchemeWord(codes, value);
}

/** `secret: ["a", "b"]`: all of the list, as long as it holds quoted texts. */
function listValue({ codes, length }: Page, from: number): Value | undefined {
  const first = skip(codes, from + 1, BLANK, from + 9);
  if (quoteOpens(codes, first) < 0) return undefined;
  let end = first;
  while (end < length && codeAt(codes, end) !== 93 && codeAt(codes, end) !== 10) end += 1;
  return { start: first, end, quoted: true };
}

/** `Pwd={a;b}` of connection strings; a brace after a blank opens an object, whose own keys are looked at. */
function bracedValue({ codes, length }: Page, at: number, from: number): Value | undefined {
  if (from !== at + 1 || codeAt(codes, at) !== EQUALS || is(codeAt(codes, from + 1), QUOTE | BLANK))
    return undefined;
  let end = from + 1;
  while (end < length && codeAt(codes, end) !== 125 && codeAt(codes, end) !== 10) end += 1;
  return { start: from + 1, end, quoted: true };
}

/** `token = next(`, `cookie = () => …`, `password = process.env.X`: source text, no value. */
function isCode(codes: Uint8Array, from: number): boolean {
  if (spells(codes, from, 'process.env.') || spells(codes, from, 'import.meta.env.')) return true;
  if (spells(codes, from, '()')) return true;
  const end = skip(codes, from, LETTER | DOT, from + 64);
  return end > from && codeAt(codes, end) === 40;
}

const NO_SECRET: PrefixTree<{ readonly prefix: string }> = prefixTree(
  `null undefined true false none nil NaN string number boolean object unknown any void never symbol bigint
   Buffer Uint8Array String await new async function yes no on off`
    .split(/\s+/)
    .map((prefix) => ({ prefix })),
);

function isNoSecret(codes: Uint8Array, { start, end }: Value): boolean {
  for (const { prefix } of itemsAt(NO_SECRET, codes, start)) if (prefix.length === end - start) return true;
  return false;
}

/** After a plain `token:` or `session:` a bare word must look made by a machine. Longer keys leave no doubt. */
function isOpaque(codes: Uint8Array, value: Value): boolean {
  if (key.end - key.start > 'signature'.length) return true;
  const length = value.end - value.start;
  if (length >= 16) return true;
  return length >= 6 && skip(codes, value.start, LETTER, value.end) < value.end;
}

/** Most values are short: one look ahead spares reading them. */
function mayBeRandom(codes: Uint8Array, from: number): boolean {
  const code = codeAt(codes, from);
  return code === BACKSLASH || mayBeLong(codes, is(code, QUOTE) ? from + 1 : from);
}

function randomValue(page: Page, from: number): Finding | undefined {
  const { codes } = page;
  const escapes = quoteOpens(codes, from);
  const start = escapes >= 0 ? from + escapes + 1 : from;
  const end = looksRandom(codes, start);
  if (end < 0) return saw(page, ~end);
  if (NAMES_A_HASH.test(page.text.slice(key.start, key.end))) return undefined;
  return finding('entropy', start, end);
}

/** Such keys hold what is the same for everybody, or an id that people need. */
const NAMES_A_HASH =
  /(?:hash|digest|checksum|integrity|etag|sha\d*|md5|fingerprint|bucket|commit|revision|[iI]d|ID|^id|version|mappings|v)$/;
