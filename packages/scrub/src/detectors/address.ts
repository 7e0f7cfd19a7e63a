import { ALNUM, COLON_SIGN, DASH, DIGIT, DOT, HEX, is, LETTER, skip, WORD } from '../character.ts';
import { before, type Finding, type Page } from '../page.ts';

/**
 * IPv4, IPv6 and hardware addresses. Loopback and unspecified addresses stay: they find nobody, and
 * "ECONNREFUSED 127.0.0.1:5432" is what a developer needs to read.
 */

const COLON = 58;
const DOT_CODE = 46;

/** Wakes at the first digit of a run. */
export function detectIpv4(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const end = dottedEnd(text, at);
  if (end < 0 || !mayBegin(page, at) || !mayEnd(text, end)) return undefined;
  if (text.startsWith('127.', at) || text.endsWith('.0.0.0', end) || text.startsWith('255.255.', at))
    return undefined;
  return text.slice(end - 6, end) === '.0.0.0' || followsVersionWord(page, at)
    ? undefined
    : { rule: 'ip', start: at, end };
}

/** The end of four numbers up to 255 with dots between, or -1. */
function dottedEnd(text: string, start: number): number {
  let at = start;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      if (text.charCodeAt(at) !== DOT_CODE) return -1;
      at += 1;
    }
    const end = skip(text, at, DIGIT, at + 4);
    const length = end - at;
    if (length === 0 || length > 3 || (length > 1 && text[at] === '0')) return -1;
    if (length === 3 && text.slice(at, end) > '255') return -1;
    at = end;
  }
  return at;
}

/** Versions come behind `@`, `-`, `^`, `~`, `v` or `name/`; addresses do not. */
function mayBegin(page: Page, at: number): boolean {
  const previous = before(page, at);
  if (is(previous, WORD | DOT) || '@-^~+'.includes(String.fromCharCode(previous))) {
    return previous === 64 && isUserInfoEnd(page, at - 1);
  }
  if (previous === 47) return at < 2 || !is(page.text.charCodeAt(at - 2), WORD);
  return !(previous === 61 && at >= 2 && '<>'.includes(page.text[at - 2] ?? ' '));
}

/** `user@10.0.0.1` of ssh or a URL cannot be told from `package@10.0.0.1`, but behind a removal it can. */
function isUserInfoEnd(page: Page, at: number): boolean {
  return at === page.floor && page.edge === 93;
}

function mayEnd(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (is(next, WORD) || next === 43) return false;
  if (next === DOT_CODE) return !is(text.charCodeAt(end + 1), ALNUM);
  return !(is(next, DASH) && is(text.charCodeAt(end + 1), LETTER));
}

const VERSION_WORD = /(?:version|ver|release|build|rev|engine|Chrome|Electron|Edg|v)["']?[ :=(]{0,3}["']?$/i;

function followsVersionWord(page: Page, at: number): boolean {
  return VERSION_WORD.test(page.text.slice(Math.max(page.floor, at - 16), at));
}

/** Wakes at `:`; the address begins at most four hex digits before its first colon. */
export function detectColonAddress(page: Page, at: number): Finding | undefined {
  const { text } = page;
  let start = at;
  while (start > page.floor && at - start < 5 && is(text.charCodeAt(start - 1), HEX)) start -= 1;
  const previous = before(page, start);
  if (at - start > 4 || previous === COLON || is(previous, WORD)) return undefined;
  const width = at - start;
  if (width === 2) return hardwareAddress(text, start) ?? undefined;
  if (width === 4 || width === 0) return ipv6(text, start, width);
  return undefined;
}

function hardwareAddress(text: string, start: number): Finding | undefined {
  let at = start;
  let letters = false;
  for (let part = 0; part < 6; part += 1) {
    if (part > 0 && text.charCodeAt(at++) !== COLON) return undefined;
    const end = skip(text, at, HEX, at + 3);
    if (end - at !== 2) return undefined;
    letters ||= skip(text, at, DIGIT, end) < end;
    at = end;
  }
  const goesOn = is(text.charCodeAt(at), WORD) || text.charCodeAt(at) === COLON;
  return goesOn || !letters ? undefined : { rule: 'mac', start, end: at };
}

/** Only blocks in use are believed (2xxx, 3xxx, fc, fd, fe8-feb, ff): `Abc::Def` is a name in C++ and Ruby. */
const KNOWN_BLOCK = /^(?:[23][\da-f]{3}|f[cdf][\da-f]{2}|fe[89ab][\da-f]):/i;
const MAPPED = /^::ffff:\d/i;

function ipv6(text: string, start: number, width: number): Finding | undefined {
  const head = text.slice(start, start + 8);
  if (width === 0) {
    const end = MAPPED.test(head) ? dottedEnd(text, start + 7) : -1;
    return end > 0 && !text.startsWith('127.', start + 7) ? { rule: 'ip', start, end } : undefined;
  }
  if (!KNOWN_BLOCK.test(head)) return undefined;
  const end = skip(text, start, HEX_OR_COLON, start + 46);
  return isAddress(text, start, end) ? { rule: 'ip', start, end } : undefined;
}

const HEX_OR_COLON: number = HEX | COLON_SIGN;

function isAddress(text: string, start: number, end: number): boolean {
  if (end - start > 39 || is(text.charCodeAt(end), WORD)) return false;
  const groups = text.slice(start, end).split(':');
  const gaps = groups.filter((group) => group === '').length;
  if (groups.some((group) => group.length > 4)) return false;
  // `fe80::` splits into one group and two empty ones, a gap in the middle into one empty one.
  const closesWithGap = groups.at(-1) === '';
  if (gaps > (closesWithGap ? 2 : 1) || (closesWithGap && groups.at(-2) !== '')) return false;
  if (gaps === 0 ? groups.length !== 8 : groups.length > 8) return false;
  return /\d/.test(text.slice(start, end));
}
