import { ALNUM, codeAt, DASH, DIGIT, DOT, is, LETTER, skip } from '../character.ts';
import { before, type Finding, findAt, findUrlEnd, type Page, saw } from '../page.ts';

/** `scheme://user:password@host` and `scheme://token@host`. */

const AUTHORITY_LIMIT = 300;
const AT = 64;
const SLASH = 47;
const COLON = 58;
const HASH = 35;
const QUESTION = 63;

/** Wakes at `:`. */
export function detectUrlCredentials(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (codeAt(text, at + 1) !== SLASH || codeAt(text, at + 2) !== SLASH || !is(before(page, at), ALNUM))
    return undefined;
  const start = at + 3;
  const limit = Math.min(findUrlEnd(page, start), start + AUTHORITY_LIMIT);
  if (findAt(page, start) >= limit) return saw(page, limit + 1);
  const end = userInfoEnd(page, start, limit);
  if (end <= start || isHarmless(text, at, start, end)) return saw(page, limit + 1);
  return { rule: 'url-credentials', start, end };
}

/** Position of the last `@` before the host; passwords are often written with raw `/`, `#` or `@`. */
function userInfoEnd(page: Page, start: number, limit: number): number {
  const { text } = page;
  let found = -1;
  let colon = -1;
  let end = start;
  for (; end < limit; end += 1) {
    const code = text.charCodeAt(end);
    if (code === AT) found = end;
    else if (code === COLON && colon < 0) colon = end;
    else if (code === SLASH || code === HASH || code === QUESTION) break;
  }
  if (found >= 0) return found;
  if (colon < 0 || isPort(text, colon, end)) return -1;
  const sign = findAt(page, end);
  return sign < limit ? sign : -1;
}

function isPort(text: string, colon: number, end: number): boolean {
  return skip(text, colon + 1, DIGIT, end) === end;
}

/** `ssh://git@host` is everybody's user; `webpack://app@1.0.0/` is a package with its version. */
function isHarmless(text: string, colon: number, start: number, end: number): boolean {
  const name = text.slice(start, end);
  if (name.startsWith('[removed:') && name.endsWith(']')) return true;
  if (name.includes(':')) return false;
  if (name === 'git' || name === 'anonymous') return true;
  const after = codeAt(text, end + 1);
  if (text.startsWith('webpack', colon - 7) || !is(after, ALNUM) || is(after, DIGIT)) return true;
  return skip(text, start, LETTER | DASH | DOT, end) === end && end - start < 5;
}
