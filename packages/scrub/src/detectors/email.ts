import { type Detector, type Finding, finding } from '../detector.ts';
import {
  ANY_LETTER,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  HOST,
  is,
  MAIL_NAME,
  skip,
  skipBack,
  spells,
} from '../scanning/character.ts';
import { before, type Page, saw } from '../scanning/page.ts';

/** `name@host.tld`, with `%40` too. Not: `package@1.2.3`, `function@file.js:1:2`, `git@github.com:…`. */
export const EMAIL: Detector = {
  wakes: [
    ['@', DIGIT | ANY_LETTER],
    ['%', '4'],
  ],
  detect: detectEmail,
};

const LOCAL_LIMIT = 64;
const DOMAIN_LIMIT = 253;
/** The longest top-level domain, with its dot. */
const LONGEST_TOP = 25;
const AT = 64;
const DOT_CODE = 46;
const ZERO = 48;
const BACKSLASH = 92;
/** Of `FILE_ENDINGS`. */
const LONGEST_ENDING = 4;

function detectEmail(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  const sign = codeAt(codes, at) === AT ? 1 : 3;
  if (sign === 3 && codeAt(codes, at + 2) !== ZERO) return undefined;
  const domain = at + sign;
  if (!is(codeAt(codes, domain), DIGIT | ANY_LETTER)) return undefined;
  const start = localStart(page, at);
  if (start === at || (at - start === 3 && spells(codes, start, 'git'))) return undefined;
  const reach = page.reach;
  const end = domainEnd(page, domain);
  if (end < 0) return undefined;
  page.reach = reach;
  return finding('email', start, end);
}

function localStart(page: Page, at: number): number {
  const limit = Math.max(page.floor, at - LOCAL_LIMIT);
  let start = skip(page.codes, skipBack(page.codes, at, MAIL_NAME, limit), DOT, at);
  // The n of an escaped line feed belongs to the escape.
  if (before(page, start) === BACKSLASH && start + 1 < at && isEscape(codeAt(page.codes, start))) start += 1;
  return start;
}

/** Of a line feed, a carriage return, a tab. */
function isEscape(code: number): boolean {
  return code === 110 || code === 114 || code === 116;
}

/** The end of the host name at `start`, or -1 where it is none; a no looks ahead to the end of it. */
function domainEnd(page: Page, start: number): number {
  const { codes } = page;
  const reach = skip(codes, start, HOST, start + DOMAIN_LIMIT);
  saw(page, reach + 1);
  const end = skipBack(codes, reach, DOT | DASH, start);
  let dot = end - 1;
  while (dot > start && codeAt(codes, dot) !== DOT_CODE) dot -= 1;
  if (dot <= start || end - dot > LONGEST_TOP || startsWithVersion(codes, start)) return -1;
  return isTopLevel(page, dot + 1, end) ? end : -1;
}

function isTopLevel({ text, codes }: Page, start: number, end: number): boolean {
  if (end - start < 2) return false;
  if (skip(codes, start, ANY_LETTER, end) < end) return spells(codes, start, 'xn--');
  return end - start > LONGEST_ENDING || !FILE_ENDINGS.has(text.slice(start, end).toLowerCase());
}

/** `1.0-alpha.beta`: two labels that begin with a digit. `163.com` is a mail host. */
function startsWithVersion(codes: Uint8Array, start: number): boolean {
  const end = skip(codes, start, DIGIT, start + 10);
  return end > start && codeAt(codes, end) === DOT_CODE && is(codeAt(codes, end + 1), DIGIT);
}

const FILE_ENDINGS: ReadonlySet<string> = new Set(
  'js mjs cjs jsx ts mts cts tsx json html htm vue map wasm css node tgz zip'.split(' '),
);
