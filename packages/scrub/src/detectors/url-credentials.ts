import { type Detector, type Finding, finding } from '../detector.ts';
import { ALNUM, codeAt, DASH, DIGIT, DOT, is, LETTER, skip, spells } from '../scanning/character.ts';
import { markerOf } from '../scanning/marker.ts';
import { before, findAt, findUrlEnd, type Page, saw } from '../scanning/page.ts';

/** `scheme://user:password@host` and `scheme://token@host`. */
export const URL_CREDENTIALS: Detector = { wakes: [[':', '/']], detect: detectUrlCredentials };

const AUTHORITY_LIMIT = 300;
const AT = 64;
const SLASH = 47;
const COLON = 58;
const HASH = 35;
const QUESTION = 63;
const ANONYMOUS = 'anonymous';
const DONE: string = markerOf('url-credentials');

function detectUrlCredentials(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  if (codeAt(codes, at + 2) !== SLASH || !is(before(page, at), ALNUM)) return undefined;
  const start = at + 3;
  const limit = Math.min(findUrlEnd(page, start), start + AUTHORITY_LIMIT);
  if (findAt(page, start) >= limit) return saw(page, limit + 1);
  const end = userInfoEnd(page, start, limit);
  if (end <= start || isHarmless(page, at, start, end)) return saw(page, limit + 1);
  return finding('url-credentials', start, end);
}

/** Position of the last `@` before the host; passwords are often written with raw `/`, `#` or `@`. */
function userInfoEnd(page: Page, start: number, limit: number): number {
  const { codes } = page;
  let colon = -1;
  let end = start;
  for (; end < limit && !endsAuthority(codeAt(codes, end)); end += 1) {
    if (codeAt(codes, end) === AT) return lastSign(codes, end, limit);
    if (codeAt(codes, end) === COLON && colon < 0) colon = end;
  }
  if (colon < 0 || isPort(codes, colon, end)) return -1;
  const sign = findAt(page, end);
  return sign < limit ? lastSign(codes, sign, limit) : -1;
}

/** The last `@` of those that no slash, question mark or hash divides from the one at `sign`. */
function lastSign(codes: Uint8Array, sign: number, limit: number): number {
  let last = sign;
  for (let at = sign + 1; at < limit && !endsAuthority(codeAt(codes, at)); at += 1) {
    if (codeAt(codes, at) === AT) last = at;
  }
  return last;
}

function endsAuthority(code: number): boolean {
  return code === SLASH || code === HASH || code === QUESTION;
}

function isPort(codes: Uint8Array, colon: number, end: number): boolean {
  return skip(codes, colon + 1, DIGIT, end) === end;
}

/** `ssh://git@host` is everybody's user; `webpack://app@1.0.0/` is a package with its version. */
function isHarmless({ text, codes }: Page, colon: number, start: number, end: number): boolean {
  const length = end - start;
  const plain = skip(codes, start, LETTER | DASH | DOT, end) === end;
  if (plain && (length < 5 || (length === ANONYMOUS.length && spells(codes, start, ANONYMOUS)))) return true;
  if (spells(codes, start, DONE)) return true;
  for (let at = start; at < end; at += 1) if (codeAt(codes, at) === COLON) return false;
  const after = codeAt(codes, end + 1);
  return text.startsWith('webpack', colon - 7) || !is(after, ALNUM) || is(after, DIGIT);
}
