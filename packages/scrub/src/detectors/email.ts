import {
  ALNUM,
  charAt,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  is,
  isForeignLetter,
  LETTER,
  skip,
  UNDERSCORE,
} from '../character.ts';
import { before, type Finding, type Page, saw } from '../page.ts';

/** `name@host.tld`, with `%40` too. Not: `package@1.2.3`, `function@file.js:1:2`, `git@github.com:…`. */

const LOCAL: number = ALNUM | DOT | DASH | UNDERSCORE;
const DOMAIN: number = ALNUM | DASH | DOT;
const LOCAL_LIMIT = 64;
const DOMAIN_LIMIT = 253;
/** The longest top-level domain, with its dot. */
const LONGEST_TOP = 25;
const AT = 64;
const DOT_CODE = 46;

/** Wakes at `@` and `%`. */
export function detectEmail(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const sign = codeAt(text, at) === AT ? 1 : 3;
  if (sign === 3 && !text.startsWith('%40', at)) return undefined;
  const domain = at + sign;
  const first = codeAt(text, domain);
  if (!is(first, ALNUM) && !isForeignLetter(first)) return undefined;
  const start = localStart(page, at);
  if (start === at || (at - start === 3 && text.startsWith('git', start))) return undefined;
  const reach = page.reach;
  const end = domainEnd(page, domain);
  if (end < 0) return undefined;
  page.reach = reach;
  return { rule: 'email', start, end };
}

function localStart(page: Page, at: number): number {
  const limit = Math.max(page.floor, at - LOCAL_LIMIT);
  let start = at;
  while (start > limit && isLocal(codeAt(page.text, start - 1))) start -= 1;
  while (start < at && codeAt(page.text, start) === DOT_CODE) start += 1;
  // The n of an escaped line feed belongs to the escape.
  if (before(page, start) === 92 && start + 1 < at && 'nrt'.includes(charAt(page.text, start))) start += 1;
  return start;
}

function isLocal(code: number): boolean {
  return is(code, LOCAL) || code === 43 || isForeignLetter(code);
}

/** The end of the host name at `start`, or -1 where it is none; a no looks ahead to the end of it. */
function domainEnd(page: Page, start: number): number {
  const { text } = page;
  const limit = Math.min(text.length, start + DOMAIN_LIMIT);
  let end = start;
  while (end < limit && (is(text.charCodeAt(end), DOMAIN) || isForeignLetter(text.charCodeAt(end)))) end += 1;
  saw(page, end + 1);
  while (end > start && is(codeAt(text, end - 1), DOT | DASH)) end -= 1;
  let dot = end - 1;
  while (dot > start && codeAt(text, dot) !== DOT_CODE) dot -= 1;
  if (dot <= start || end - dot > LONGEST_TOP || startsWithVersion(text, start)) return -1;
  const top = text.slice(dot + 1, end);
  return !isTopLevel(top) || FILE_ENDINGS.has(top.toLowerCase()) ? -1 : end;
}

function isTopLevel(top: string): boolean {
  if (top.length < 2) return false;
  if (top.startsWith('xn--')) return true;
  for (let at = 0; at < top.length; at += 1) {
    const code = top.charCodeAt(at);
    if (!is(code, LETTER) && !isForeignLetter(code)) return false;
  }
  return true;
}

/** `1.0-alpha.beta`: two labels that begin with a digit. `163.com` is a mail host. */
function startsWithVersion(text: string, start: number): boolean {
  const end = skip(text, start, DIGIT, start + 10);
  return end > start && codeAt(text, end) === DOT_CODE && is(codeAt(text, end + 1), DIGIT);
}

const FILE_ENDINGS: ReadonlySet<string> = new Set(
  'js mjs cjs jsx ts mts cts tsx json html htm vue map wasm css node tgz zip'.split(' '),
);
