import { BLANK, DASH, DIGIT, DOT, is, LETTER, QUOTE, skip, WORD } from '../character.ts';
import { looksRandom, RUN, SHORTEST } from '../entropy.ts';
import { markerEnd } from '../marker.ts';
import { before, type Finding, type Page } from '../page.ts';
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
  readonly start: number;
  readonly end: number;
  /** The quote around the key, or directly in front of a bare one (`"Cookie: …"`); 0 for none. */
  readonly quote: number;
}

/** Wakes at `=` and `:`. */
export function detectPair(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  const key = keyBefore(page, at);
  if (key === undefined) return undefined;
  const from = valueStart(text, at);
  if (from < 0) return undefined;
  const phrase = judgeKey(settings.keys, text, key.start, key.end);
  if (phrase === undefined) return randomValue(page, key, from);
  if (isProse(page, key, at, from)) return undefined;
  const value = secretValue(page, phrase, key, at, from);
  if (value === undefined || value.end <= value.start) return undefined;
  if (markerEnd(text, value.start) === value.end) return undefined;
  return { rule: phrase.rule, start: value.start, end: value.end };
}

function keyBefore(page: Page, at: number): Key | undefined {
  const { text } = page;
  const limit = Math.max(page.floor, at - KEY_LIMIT);
  let end = at;
  while (end > limit && is(text.charCodeAt(end - 1), BLANK)) end -= 1;
  if (end > limit && isKeyTail(text.charCodeAt(end - 1))) end -= 1;
  if (end <= limit) return undefined;
  const last = text.charCodeAt(end - 1);
  return is(last, QUOTE) ? quotedKey(text, limit, end - 1, last) : bareKey(page, limit, end);
}

/** `key?:`, `key!:` of TypeScript and `data[key]=`. */
function isKeyTail(code: number): boolean {
  return code === 63 || code === 33 || code === 93;
}

function quotedKey(text: string, limit: number, closing: number, quote: number): Key | undefined {
  let end = closing;
  while (end > limit && text.charCodeAt(end - 1) === BACKSLASH) end -= 1;
  let start = end;
  while (start > limit && is(text.charCodeAt(start - 1), WORD | DASH | DOT | BLANK)) start -= 1;
  return start < end ? { start, end, quote } : undefined;
}

function bareKey(page: Page, limit: number, end: number): Key | undefined {
  const { text } = page;
  let start = end;
  while (start > limit && is(text.charCodeAt(start - 1), WORD | DASH | DOT)) start -= 1;
  if (start === end) return undefined;
  const previous = before(page, start);
  if (is(previous, QUOTE)) return { start, end, quote: previous };
  // The n of an escaped line feed is not the key's first letter.
  if (previous === BACKSLASH && 'nrt'.includes(text[start] ?? ' ')) start += 1;
  return start < end ? { start, end, quote: 0 } : undefined;
}

/** Where the value behind the separator at `at` begins; -1 when there is none on this line or it is no pair. */
function valueStart(text: string, at: number): number {
  let from = at + 1;
  const next = text.charCodeAt(from);
  if (
    text.charCodeAt(at) === COLON &&
    (next === COLON || (next === SLASH && text.charCodeAt(from + 1) === SLASH))
  ) {
    return -1;
  }
  while (from < at + 4 && (text.charCodeAt(from) === EQUALS || text.charCodeAt(from) === 62)) from += 1;
  from = skip(text, from, BLANK, from + 32);
  const code = text.charCodeAt(from);
  return Number.isNaN(code) || code === 10 || code === 13 ? -1 : from;
}

/** Positions (`token.js:12:3`), parser messages and working folders look like pairs and are none. */
function isProse(page: Page, key: Key, at: number, from: number): boolean {
  const { text } = page;
  if (text.charCodeAt(at) === COLON) {
    const previous = before(page, key.start);
    const inPath = previous === SLASH || previous === BACKSLASH;
    if (inPath && is(text.charCodeAt(at + 1), DIGIT) && positionEnd(text, at + 1)) return true;
    if (text.startsWith('nexpected ', Math.max(0, key.start - 10))) return true;
  }
  const length = key.end - key.start;
  const name = length <= 6 ? text.slice(key.start, key.end).toLowerCase() : '';
  if (name === 'pwd' || name === 'oldpwd') {
    return text[from] === '/' || text[from] === '~' || /^[A-Za-z]:[\\/]/.test(text.slice(from, from + 3));
  }
  // Test runners count: "pass: 12".
  return name === 'pass' && is(text.charCodeAt(from), DIGIT) && skip(text, from, DIGIT, from + 5) < from + 5;
}

function positionEnd(text: string, at: number): boolean {
  let end = skip(text, at, DIGIT, at + 9);
  if (text.charCodeAt(end) === COLON) end = skip(text, end + 1, DIGIT, end + 10);
  return !is(text.charCodeAt(end), WORD | DASH);
}

function secretValue(page: Page, phrase: Phrase, key: Key, at: number, from: number): Value | undefined {
  const { text } = page;
  const escapes = quoteOpens(text, from);
  if (escapes >= 0) return quotedValue(text, from, escapes);
  const code = text.charCodeAt(from);
  if (code === BRACKET && markerEnd(text, from) < 0) return listValue(text, from);
  if (code === BRACE) return bracedValue(text, at, from);
  const colon = text.charCodeAt(at) === COLON;
  const whole = phrase.takes === 'header' || phrase.takes === 'sentence';
  if (whole && colon) return lineValue(text, from, key.quote);
  if (from > at + 1 && isCode(text, from)) return undefined;
  const value = bareValue(text, from);
  if (isNoSecret(text, value)) return undefined;
  if (phrase.takes === 'opaque' && colon && !isOpaque(text, key, value)) return undefined;
  return withSchemeWord(text, value);
}

/** `secret: ["a", "b"]`: all of the list, as long as it holds quoted texts. */
function listValue(text: string, from: number): Value | undefined {
  const first = skip(text, from + 1, BLANK, from + 9);
  if (quoteOpens(text, first) < 0) return undefined;
  let end = first;
  while (end < text.length && text[end] !== ']' && text[end] !== '\n') end += 1;
  return { start: first, end, quoted: true };
}

/** `Pwd={a;b}` of connection strings; a brace after a blank opens an object, whose own keys are looked at. */
function bracedValue(text: string, at: number, from: number): Value | undefined {
  if (from !== at + 1 || text.charCodeAt(at) !== EQUALS || is(text.charCodeAt(from + 1), QUOTE | BLANK))
    return undefined;
  let end = from + 1;
  while (end < text.length && text[end] !== '}' && text[end] !== '\n') end += 1;
  return { start: from + 1, end, quoted: true };
}

/** `token = next(`, `password = process.env.X`: source text, no value. */
function isCode(text: string, from: number): boolean {
  if (text.startsWith('process.env.', from) || text.startsWith('import.meta.env.', from)) return true;
  const end = skip(text, from, LETTER | DOT, from + 64);
  return end > from && text[end] === '(';
}

const NO_SECRET: ReadonlySet<string> = new Set(
  `null undefined true false none nil NaN string number boolean object unknown any void never symbol bigint
   Buffer Uint8Array String await new async function yes no on off`.split(/\s+/),
);

function isNoSecret(text: string, value: Value): boolean {
  return value.end - value.start <= 10 && NO_SECRET.has(text.slice(value.start, value.end));
}

/** After a plain `token:` or `session:` a bare word must look made by a machine. Longer keys leave no doubt. */
function isOpaque(text: string, key: Key, value: Value): boolean {
  if (key.end - key.start > 'signature'.length) return true;
  const length = value.end - value.start;
  if (length >= 16) return true;
  return length >= 6 && skip(text, value.start, LETTER, value.end) < value.end;
}

function randomValue(page: Page, key: Key, from: number): Finding | undefined {
  const { text } = page;
  const escapes = quoteOpens(text, from);
  const start = escapes >= 0 ? from + escapes + 1 : from;
  // Most values are short: one look ahead spares reading them.
  if (!is(text.charCodeAt(start + SHORTEST - 1), RUN)) return undefined;
  const end = looksRandom(text, start);
  if (end < 0 || NAMES_A_HASH.test(text.slice(key.start, key.end))) return undefined;
  return { rule: 'entropy', start, end };
}

/** Such keys hold what is the same for everybody, or an id that people need. */
const NAMES_A_HASH =
  /(?:hash|digest|checksum|integrity|etag|sha\d*|md5|fingerprint|bucket|commit|revision|[iI]d|ID|^id|version|mappings|v)$/;
