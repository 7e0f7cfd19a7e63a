import {
  BLANK,
  COLON_SIGN,
  charAt,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  is,
  LETTER,
  LINE_END,
  PADDING,
  QUOTE,
  skip,
  WORD,
} from '../character.ts';
import { looksRandom, RUN, SHORTEST } from '../entropy.ts';
import { markerEnd } from '../marker.ts';
import { before, type Finding, type Page, saw } from '../page.ts';
import type { Phrase } from '../phrases.ts';
import { judgeKey, KEY_LIMIT } from '../secret-keys.ts';
import { bareValue, lineValue, quotedValue, quoteOpens, type Value, withSchemeWord } from '../value.ts';

/** Key and value around `=` or `:`, in the ways that code, JSON, YAML, headers, queries and logs write them. */

const EQUALS = 61;
const COLON = 58;
const SLASH = 47;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACE = 123;

interface Key {
  start: number;
  end: number;
  /** The quote around the key, or directly in front of a bare one (`"Cookie: …"`); 0 for none. */
  quote: number;
}

/** The key under view: one at a time, so that a separator costs no garbage. */
const key: Key = { start: 0, end: 0, quote: 0 };

/** Wakes at `=` and `:`. */
export function detectPair(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  if (is(before(page, at), COLON_SIGN | PADDING)) return undefined;
  const from = valueStart(text, at);
  if (from < 0) return undefined;
  if (!keyBefore(page, at)) return undefined;
  const phrase = judgeKey(settings.keys, text, key.start, key.end);
  if (phrase === undefined) return mayBeRandom(text, from) ? randomValue(page, from) : undefined;
  if (isProse(page, at, from)) return saw(page, from + 20);
  const value = secretValue(page, phrase, at, from);
  if (value === undefined || value.end <= value.start) return undefined;
  if (markerEnd(text, value.start) === value.end) return undefined;
  return { rule: phrase.rule, start: value.start, end: value.end };
}

/** Finds the key in front of the separator at `at`. */
function keyBefore(page: Page, at: number): boolean {
  const { text } = page;
  const limit = Math.max(page.floor, at - KEY_LIMIT);
  let end = at;
  while (end > limit && is(codeAt(text, end - 1), BLANK)) end -= 1;
  if (end > limit && isKeyTail(codeAt(text, end - 1))) end -= 1;
  if (end <= limit) return false;
  const last = codeAt(text, end - 1);
  return is(last, QUOTE) ? quotedKey(text, limit, end - 1, last) : bareKey(page, limit, end);
}

/** `key?:`, `key!:` of TypeScript and `data[key]=`. */
function isKeyTail(code: number): boolean {
  return code === 63 || code === 33 || code === 93;
}

function quotedKey(text: string, limit: number, closing: number, quote: number): boolean {
  let end = closing;
  while (end > limit && codeAt(text, end - 1) === BACKSLASH) end -= 1;
  let start = end;
  while (start > limit && is(codeAt(text, start - 1), WORD | DASH | DOT | BLANK)) start -= 1;
  return found(start, end, quote);
}

function bareKey(page: Page, limit: number, end: number): boolean {
  const { text } = page;
  let start = end;
  while (start > limit && is(codeAt(text, start - 1), WORD | DASH | DOT)) start -= 1;
  if (start === end) return false;
  const previous = before(page, start);
  if (is(previous, QUOTE)) return found(start, end, previous);
  // The n of an escaped line feed is not the key's first letter.
  if (previous === BACKSLASH && 'nrt'.includes(charAt(text, start))) start += 1;
  return found(start, end, 0);
}

function found(start: number, end: number, quote: number): boolean {
  key.start = start;
  key.end = end;
  key.quote = quote;
  return start < end;
}

/** Where the value behind the separator at `at` begins; -1 when there is none on this line or it is no pair. */
function valueStart(text: string, at: number): number {
  let from = at + 1;
  const next = codeAt(text, from);
  if (
    codeAt(text, at) === COLON &&
    (next === COLON || (next === SLASH && codeAt(text, from + 1) === SLASH))
  ) {
    return -1;
  }
  while (from < at + 4 && (codeAt(text, from) === EQUALS || codeAt(text, from) === 62)) from += 1;
  from = skip(text, from, BLANK, from + 32);
  return is(codeAt(text, from), LINE_END) ? -1 : from;
}

/** Positions (`token.js:12:3`), parser messages and working folders look like pairs and are none. */
function isProse(page: Page, at: number, from: number): boolean {
  const { text } = page;
  if (codeAt(text, at) === COLON) {
    const previous = before(page, key.start);
    const inPath = previous === SLASH || previous === BACKSLASH;
    if (inPath && is(codeAt(text, at + 1), DIGIT) && positionEnd(text, at + 1)) return true;
    if (text.startsWith('nexpected ', Math.max(0, key.start - 10))) return true;
  }
  const length = key.end - key.start;
  const name = length <= 6 ? text.slice(key.start, key.end).toLowerCase() : '';
  if (name === 'pwd' || name === 'oldpwd') {
    return '/~'.includes(charAt(text, from)) || /^[A-Za-z]:[\\/]/.test(text.slice(from, from + 3));
  }
  // Test runners count: "pass: 12".
  return name === 'pass' && is(codeAt(text, from), DIGIT) && skip(text, from, DIGIT, from + 5) < from + 5;
}

function positionEnd(text: string, at: number): boolean {
  let end = skip(text, at, DIGIT, at + 9);
  if (codeAt(text, end) === COLON) end = skip(text, end + 1, DIGIT, end + 10);
  return !is(codeAt(text, end), WORD | DASH);
}

function secretValue(page: Page, phrase: Phrase, at: number, from: number): Value | undefined {
  const { text } = page;
  const escapes = quoteOpens(text, from);
  if (escapes >= 0) return quotedValue(text, from, escapes);
  const code = codeAt(text, from);
  if (code === BRACKET && markerEnd(text, from) < 0) return listValue(text, from);
  if (code === BRACE) return bracedValue(text, at, from);
  const colon = codeAt(text, at) === COLON;
  const whole = phrase.takes === 'header' || phrase.takes === 'sentence';
  if (whole && colon) return lineValue(text, from, key.quote);
  if (from > at + 1 && isCode(text, from)) return saw(page, from + 65);
  const value = bareValue(text, from);
  if (isNoSecret(text, value) || (phrase.takes === 'opaque' && colon && !isOpaque(text, value)))
    return saw(page, value.end + 2);
  return withSchemeWord(text, value);
}

/** `secret: ["a", "b"]`: all of the list, as long as it holds quoted texts. */
function listValue(text: string, from: number): Value | undefined {
  const first = skip(text, from + 1, BLANK, from + 9);
  if (quoteOpens(text, first) < 0) return undefined;
  let end = first;
  while (end < text.length && codeAt(text, end) !== 93 && codeAt(text, end) !== 10) end += 1;
  return { start: first, end, quoted: true };
}

/** `Pwd={a;b}` of connection strings; a brace after a blank opens an object, whose own keys are looked at. */
function bracedValue(text: string, at: number, from: number): Value | undefined {
  if (from !== at + 1 || codeAt(text, at) !== EQUALS || is(codeAt(text, from + 1), QUOTE | BLANK))
    return undefined;
  let end = from + 1;
  while (end < text.length && codeAt(text, end) !== 125 && codeAt(text, end) !== 10) end += 1;
  return { start: from + 1, end, quoted: true };
}

/** `token = next(`, `password = process.env.X`: source text, no value. */
function isCode(text: string, from: number): boolean {
  if (text.startsWith('process.env.', from) || text.startsWith('import.meta.env.', from)) return true;
  const end = skip(text, from, LETTER | DOT, from + 64);
  return end > from && codeAt(text, end) === 40;
}

const NO_SECRET: ReadonlySet<string> = new Set(
  `null undefined true false none nil NaN string number boolean object unknown any void never symbol bigint
   Buffer Uint8Array String await new async function yes no on off`.split(/\s+/),
);

function isNoSecret(text: string, value: Value): boolean {
  return value.end - value.start <= 10 && NO_SECRET.has(text.slice(value.start, value.end));
}

/** After a plain `token:` or `session:` a bare word must look made by a machine. Longer keys leave no doubt. */
function isOpaque(text: string, value: Value): boolean {
  if (key.end - key.start > 'signature'.length) return true;
  const length = value.end - value.start;
  if (length >= 16) return true;
  return length >= 6 && skip(text, value.start, LETTER, value.end) < value.end;
}

/** Most values are short: one look ahead spares reading them. */
function mayBeRandom(text: string, from: number): boolean {
  const code = codeAt(text, from);
  return code === BACKSLASH || is(codeAt(text, from + SHORTEST - (is(code, QUOTE) ? 0 : 1)), RUN);
}

function randomValue(page: Page, from: number): Finding | undefined {
  const { text } = page;
  const escapes = quoteOpens(text, from);
  const start = escapes >= 0 ? from + escapes + 1 : from;
  const end = looksRandom(text, start);
  if (end < 0) return saw(page, start + 514);
  if (NAMES_A_HASH.test(text.slice(key.start, key.end))) return undefined;
  return { rule: 'entropy', start, end };
}

/** Such keys hold what is the same for everybody, or an id that people need. */
const NAMES_A_HASH =
  /(?:hash|digest|checksum|integrity|etag|sha\d*|md5|fingerprint|bucket|commit|revision|[iI]d|ID|^id|version|mappings|v)$/;
