import {
  ALNUM,
  COLON_SIGN,
  charAt,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  HEX,
  is,
  LETTER,
  skip,
  WORD,
} from '../character.ts';
import { before, type Finding, type Page, saw } from '../page.ts';

/**
 * IPv4, IPv6 and hardware addresses. Loopback and unspecified addresses stay: they find nobody, and
 * "ECONNREFUSED 127.0.0.1:5432" is what a developer needs to read.
 */

const COLON = 58;
const DOT_CODE = 46;
const ZERO = 48;
const ADDRESS_LIMIT = 39;

/** Wakes at the first digit of a run. */
export function detectIpv4(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (!mayBegin(page, at)) return undefined;
  const end = dottedEnd(text, at);
  if (end < 0 || !mayEnd(text, end)) return saw(page, at + 18);
  if (text.startsWith('127.', at) || text.startsWith('255.255.', at)) return undefined;
  return text.startsWith('.0.0.0', end - 6) || followsVersionWord(page, at)
    ? undefined
    : { rule: 'ip', start: at, end };
}

/** The end of four numbers up to 255 with dots between, or -1. */
function dottedEnd(text: string, start: number): number {
  let at = start;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      if (codeAt(text, at) !== DOT_CODE) return -1;
      at += 1;
    }
    const from = at;
    let value = 0;
    while (at < from + 4 && is(codeAt(text, at), DIGIT)) {
      value = value * 10 + codeAt(text, at) - ZERO;
      at += 1;
    }
    const length = at - from;
    if (length === 0 || value > 255 || (length > 1 && codeAt(text, from) === ZERO)) return -1;
  }
  return at;
}

/** Versions come behind `@`, `-`, `^`, `~`, `v` or `name/`; addresses do not. */
function mayBegin(page: Page, at: number): boolean {
  const previous = before(page, at);
  if (is(previous, WORD | DOT) || '@-^~+'.includes(String.fromCharCode(previous))) {
    return previous === 64 && isUserInfoEnd(page, at - 1);
  }
  if (previous === 47) return at - 2 < page.floor || !is(codeAt(page.text, at - 2), WORD);
  return !(previous === 61 && at - 2 >= page.floor && '<>'.includes(charAt(page.text, at - 2)));
}

/** `user@10.0.0.1` of ssh or a URL cannot be told from `package@10.0.0.1`, but behind a removal it can. */
function isUserInfoEnd(page: Page, at: number): boolean {
  return at === page.floor && page.edge === 93;
}

function mayEnd(text: string, end: number): boolean {
  const next = codeAt(text, end);
  if (is(next, WORD) || next === 43) return false;
  if (next === DOT_CODE) return !is(codeAt(text, end + 1), ALNUM);
  return !(is(next, DASH) && is(codeAt(text, end + 1), LETTER));
}

const VERSION_WORD = /(?:version|ver|release|build|rev|engine|Chrome|Electron|Edg|v)["']?[ :=(]{0,3}["']?$/i;

function followsVersionWord(page: Page, at: number): boolean {
  return VERSION_WORD.test(page.text.slice(Math.max(page.floor, at - 16), at));
}

/** Wakes at `:`; the address begins at most four hex digits before its first colon. */
export function detectColonAddress(page: Page, at: number): Finding | undefined {
  const { text } = page;
  let start = at;
  while (start > page.floor && at - start < 5 && is(codeAt(text, start - 1), HEX)) start -= 1;
  const width = at - start;
  if (width !== 0 && width !== 2 && width !== 4) return undefined;
  const previous = before(page, start);
  if (previous === COLON || is(previous, WORD)) return undefined;
  return width === 2 ? hardwareAddress(page, start) : ipv6(page, start, width);
}

function hardwareAddress(page: Page, start: number): Finding | undefined {
  const { text } = page;
  let at = start;
  let letters = false;
  for (let part = 0; part < 6; part += 1) {
    if (part > 0 && codeAt(text, at++) !== COLON) return undefined;
    const end = skip(text, at, HEX, at + 3);
    if (end - at !== 2) return undefined;
    letters ||= skip(text, at, DIGIT, end) < end;
    at = end;
  }
  const goesOn = is(codeAt(text, at), WORD) || codeAt(text, at) === COLON;
  return goesOn || !letters ? saw(page, at + 1) : { rule: 'mac', start, end: at };
}

function ipv6(page: Page, start: number, width: number): Finding | undefined {
  const { text } = page;
  if (width === 0) {
    if (codeAt(text, start + 2) === COLON || !isMapped(text, start)) return undefined;
    const end = dottedEnd(text, start + 7);
    if (end < 0) return saw(page, start + 24);
    return text.startsWith('127.', start + 7) ? undefined : { rule: 'ip', start, end };
  }
  if (!isKnownBlock(text, start)) return undefined;
  const end = addressEnd(text, start);
  return end < 0 ? saw(page, start + 48) : { rule: 'ip', start, end };
}

/** `::ffff:` and a digit. */
function isMapped(text: string, start: number): boolean {
  return text.slice(start, start + 7).toLowerCase() === '::ffff:' && is(codeAt(text, start + 7), DIGIT);
}

/** Only blocks in use are believed (2xxx, 3xxx, fc, fd, fe8-feb, ff): `Abc::Def` is a name in C++ and Ruby. */
function isKnownBlock(text: string, start: number): boolean {
  const first = codeAt(text, start) | 32;
  if (is(first, DIGIT)) return codeAt(text, start) === 50 || codeAt(text, start) === 51;
  if (first !== 102) return false;
  const second = codeAt(text, start + 1) | 32;
  if (second === 99 || second === 100 || second === 102) return true;
  const third = codeAt(text, start + 2);
  return second === 101 && (third === 56 || third === 57 || (third | 32) === 97 || (third | 32) === 98);
}

/** The end of the address, or -1 where hex digits and colons make none. */
function addressEnd(text: string, start: number): number {
  const end = skip(text, start, HEX | COLON_SIGN, start + ADDRESS_LIMIT + 1);
  if (end - start > ADDRESS_LIMIT || is(codeAt(text, end), WORD)) return -1;
  return skip(text, start, LETTER | COLON_SIGN, end) < end && hasGroups(text, start, end) ? end : -1;
}

/** Eight groups of at most four hex digits, or fewer and one gap. */
function hasGroups(text: string, start: number, end: number): boolean {
  let groups = 0;
  let gaps = 0;
  let width = 0;
  for (let at = start; at <= end; at += 1) {
    if (at < end && codeAt(text, at) !== COLON) {
      width += 1;
      continue;
    }
    if (width > 4) return false;
    if (width > 0) groups += 1;
    else if (at < end) gaps += 1;
    else if (codeAt(text, at - 2) !== COLON) return false;
    width = 0;
  }
  return gaps === 0 ? groups === 8 : gaps === 1 && groups < 8;
}
