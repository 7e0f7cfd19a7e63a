import { ALNUM, DASH, DIGIT, DOT, is, LETTER, skip, UNDERSCORE } from '../character.ts';
import { before, type Finding, type Page } from '../page.ts';

/** `name@host.tld`, with `%40` too. Not: `package@1.2.3`, `function@file.js:1:2`, `git@github.com:…`. */

const LOCAL: number = ALNUM | DOT | DASH | UNDERSCORE;
const LOCAL_LIMIT = 64;
const DOMAIN_LIMIT = 253;
const AT = 64;
const DOT_CODE = 46;

/** Wakes at `@` and `%`. */
export function detectEmail(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const sign = text.charCodeAt(at) === AT ? 1 : 3;
  if (sign === 3 && !text.startsWith('%40', at)) return undefined;
  const domain = at + sign;
  if (!isLetterOrDigit(text.charCodeAt(domain))) return undefined;
  const start = localStart(page, at);
  if (start === at || text.slice(start, at) === 'git') return undefined;
  const end = domainEnd(text, domain);
  return end < 0 ? undefined : { rule: 'email', start, end };
}

function localStart(page: Page, at: number): number {
  const limit = Math.max(page.floor, at - LOCAL_LIMIT);
  let start = at;
  while (start > limit && isLocal(page.text.charCodeAt(start - 1))) start -= 1;
  while (start < at && page.text.charCodeAt(start) === DOT_CODE) start += 1;
  // The n of an escaped line feed belongs to the escape.
  if (before(page, start) === 92 && start + 1 < at && 'nrt'.includes(page.text[start] ?? ' ')) start += 1;
  return start;
}

function isLocal(code: number): boolean {
  return is(code, LOCAL) || code === 43 || isForeignLetter(code);
}

/** Letters of other alphabets; not the blanks, dashes and quotes that Unicode keeps at 0x2000. */
function isForeignLetter(code: number): boolean {
  return (code >= 0xc0 && code < 0x2000) || (code >= 0x3040 && code < 0xd800);
}

function isLetterOrDigit(code: number): boolean {
  return is(code, ALNUM) || isForeignLetter(code);
}

function domainEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + DOMAIN_LIMIT);
  let end = start;
  while (
    end < limit &&
    (is(text.charCodeAt(end), ALNUM | DASH | DOT) || isForeignLetter(text.charCodeAt(end)))
  )
    end += 1;
  while (end > start && is(text.charCodeAt(end - 1), DOT | DASH)) end -= 1;
  const domain = text.slice(start, end);
  const dot = domain.lastIndexOf('.');
  if (dot <= 0) return -1;
  const top = domain.slice(dot + 1);
  if (!isTopLevel(top) || startsWithVersion(text, start)) return -1;
  return FILE_ENDINGS.has(top.toLowerCase()) ? -1 : end;
}

function isTopLevel(top: string): boolean {
  if (top.length < 2 || top.length > 24) return false;
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
  return end > start && text.charCodeAt(end) === DOT_CODE && is(text.charCodeAt(end + 1), DIGIT);
}

const FILE_ENDINGS: ReadonlySet<string> = new Set(
  'js mjs cjs jsx ts mts cts tsx json html htm vue map wasm css node tgz zip'.split(' '),
);
