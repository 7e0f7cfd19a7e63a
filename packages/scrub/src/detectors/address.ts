import { type Detector, type Finding, finding } from '../detector.ts';
import {
  ALNUM,
  COLON_SIGN,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  HEX,
  is,
  LEAD_IN,
  LETTER,
  skip,
  skipBack,
  spells,
  spellsAnyCase,
  VERSION_SIGN,
  WORD,
} from '../scanning/character.ts';
import { before, farBefore, type Page, saw } from '../scanning/page.ts';

/**
 * IPv4, IPv6 and hardware addresses. Loopback and unspecified addresses stay: they find nobody, and
 * "ECONNREFUSED 127.0.0.1:5432" is what a developer needs to read.
 */
export const IPV4: Detector = { wakes: [['0123456789', DIGIT | DOT]], detect: detectIpv4 };
export const COLON_ADDRESS: Detector = { wakes: [[':', HEX | COLON_SIGN]], detect: detectColonAddress };

const COLON = 58;
const DOT_CODE = 46;
const ZERO = 48;
const SLASH = 47;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const ADDRESS_LIMIT = 39;

function detectIpv4(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  const dot = skip(codes, at + 1, DIGIT, at + 3);
  if (codeAt(codes, dot) !== DOT_CODE) return saw(page, dot + 1);
  if (!mayBegin(page, at)) return undefined;
  const end = dottedEnd(codes, at);
  if (end < 0 || !mayEnd(codes, end)) return saw(page, end < 0 ? ~end : end + 2);
  if (spells(codes, at, '127.') || spells(codes, at, '255.255.')) return undefined;
  return spells(codes, end - 6, '.0.0.0') || followsVersionWord(page, at)
    ? undefined
    : finding('ip', at, end);
}

/** The end of four numbers up to 255 with dots between; else `~` of how far it read, a negative number. */
function dottedEnd(codes: Uint8Array, start: number): number {
  let at = start;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      if (codeAt(codes, at) !== DOT_CODE) return ~(at + 1);
      at += 1;
    }
    const from = at;
    let value = 0;
    while (at < from + 4 && is(codeAt(codes, at), DIGIT)) {
      value = value * 10 + codeAt(codes, at) - ZERO;
      at += 1;
    }
    const length = at - from;
    if (length === 0 || value > 255 || (length > 1 && codeAt(codes, from) === ZERO)) return ~(at + 1);
  }
  return at;
}

/** Versions come behind `@`, `-`, `^`, `~`, `v` or `name/`; addresses do not. */
function mayBegin(page: Page, at: number): boolean {
  const previous = before(page, at);
  if (is(previous, VERSION_SIGN)) {
    return previous === 64 && isUserInfoEnd(page, at - 1);
  }
  const farther = farBefore(page, at, 2);
  if (previous === SLASH) return !is(farther, WORD);
  return !(previous === EQUALS && (farther === LESS || farther === GREATER));
}

/** `user@10.0.0.1` of ssh or a URL cannot be told from `package@10.0.0.1`, but behind a removal it can. */
function isUserInfoEnd(page: Page, at: number): boolean {
  return at === page.floor && page.edge === 93;
}

function mayEnd(codes: Uint8Array, end: number): boolean {
  const next = codeAt(codes, end);
  if (is(next, WORD) || next === 43) return false;
  if (next === DOT_CODE) return !is(codeAt(codes, end + 1), ALNUM);
  return !(is(next, DASH) && is(codeAt(codes, end + 1), LETTER));
}

const VERSION_WORD = /(?:version|ver|release|build|rev|engine|Chrome|Electron|Edg|v)["']?[ :=(]{0,3}["']?$/i;

function followsVersionWord(page: Page, at: number): boolean {
  const wordEnd = skipBack(page.codes, at, LEAD_IN, Math.max(page.floor, at - 5));
  if (wordEnd === page.floor || !is(codeAt(page.codes, wordEnd - 1), LETTER)) return false;
  return VERSION_WORD.test(page.text.slice(Math.max(page.floor, at - 16), at));
}

/** The address begins at most four hex digits before its first colon. */
function detectColonAddress(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  const start = skipBack(codes, at, HEX, Math.max(page.floor, at - 5));
  const width = at - start;
  if (width !== 0 && width !== 2 && width !== 4) return undefined;
  const previous = before(page, start);
  if (previous === COLON || is(previous, WORD)) return undefined;
  return width === 2 ? hardwareAddress(page, start) : ipv6(page, start, width);
}

function hardwareAddress(page: Page, start: number): Finding | undefined {
  const { codes } = page;
  let at = start;
  let letters = false;
  for (let part = 0; part < 6; part += 1) {
    if (part > 0 && codeAt(codes, at++) !== COLON) return undefined;
    const end = skip(codes, at, HEX, at + 3);
    if (end - at !== 2) return undefined;
    letters ||= skip(codes, at, DIGIT, end) < end;
    at = end;
  }
  const goesOn = is(codeAt(codes, at), WORD) || codeAt(codes, at) === COLON;
  return goesOn || !letters ? saw(page, at + 1) : finding('mac', start, at);
}

function ipv6(page: Page, start: number, width: number): Finding | undefined {
  const { codes } = page;
  if (width === 0) {
    if (codeAt(codes, start + 2) === COLON || !isMapped(codes, start)) return undefined;
    const end = dottedEnd(codes, start + 7);
    if (end < 0) return saw(page, ~end);
    return spells(codes, start + 7, '127.') ? undefined : finding('ip', start, end);
  }
  if (!isKnownBlock(codes, start)) return undefined;
  const end = addressEnd(codes, start);
  return end < 0 ? saw(page, start + 48) : finding('ip', start, end);
}

/** `::ffff:` and a digit. */
function isMapped(codes: Uint8Array, start: number): boolean {
  return (
    spells(codes, start, '::') &&
    spellsAnyCase(codes, start + 2, 'ffff') &&
    codeAt(codes, start + 6) === COLON &&
    is(codeAt(codes, start + 7), DIGIT)
  );
}

/** Only blocks in use are believed (2xxx, 3xxx, fc, fd, fe8-feb, ff): `Abc::Def` is a name in C++ and Ruby. */
function isKnownBlock(codes: Uint8Array, start: number): boolean {
  const first = codeAt(codes, start) | 32;
  if (is(first, DIGIT)) return codeAt(codes, start) === 50 || codeAt(codes, start) === 51;
  if (first !== 102) return false;
  const second = codeAt(codes, start + 1) | 32;
  if (second === 99 || second === 100 || second === 102) return true;
  const third = codeAt(codes, start + 2);
  return second === 101 && (third === 56 || third === 57 || (third | 32) === 97 || (third | 32) === 98);
}

/** The end of the address, or -1 where hex digits and colons make none. */
function addressEnd(codes: Uint8Array, start: number): number {
  const end = skip(codes, start, HEX | COLON_SIGN, start + ADDRESS_LIMIT + 1);
  if (end - start > ADDRESS_LIMIT || is(codeAt(codes, end), WORD)) return -1;
  return skip(codes, start, LETTER | COLON_SIGN, end) < end && hasGroups(codes, start, end) ? end : -1;
}

/** Eight groups of at most four hex digits, or fewer and one gap. */
function hasGroups(codes: Uint8Array, start: number, end: number): boolean {
  let groups = 0;
  let gaps = 0;
  let width = 0;
  for (let at = start; at <= end; at += 1) {
    if (at < end && codeAt(codes, at) !== COLON) {
      width += 1;
      continue;
    }
    if (width > 4) return false;
    if (width > 0) groups += 1;
    else if (at < end) gaps += 1;
    else if (codeAt(codes, at - 2) !== COLON) return false;
    width = 0;
  }
  return gaps === 0 ? groups === 8 : gaps === 1 && groups < 8;
}
