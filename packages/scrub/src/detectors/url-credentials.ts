import { ALNUM, DASH, DIGIT, DOT, is, LETTER, SPACE, skip } from '../character.ts';
import { before, type Finding, findAt, type Page } from '../page.ts';

/** `scheme://user:password@host` and `scheme://token@host`. */

const AUTHORITY_LIMIT = 300;
const AT = 64;
const SLASH = 47;

/** Wakes at `:`. */
export function detectUrlCredentials(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (text.charCodeAt(at + 1) !== SLASH || text.charCodeAt(at + 2) !== SLASH || !is(before(page, at), ALNUM))
    return undefined;
  const start = at + 3;
  if (findAt(page, start) - start > AUTHORITY_LIMIT) return undefined;
  const end = userInfoEnd(text, start);
  if (end <= start || isHarmless(text, at, start, end)) return undefined;
  return { rule: 'url-credentials', start, end };
}

/** Position of the last `@` before the host; passwords are often written with raw `/`, `#` or `@`. */
function userInfoEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + AUTHORITY_LIMIT);
  let end = start;
  while (end < limit && !endsUrl(text, end) && !'/?#'.includes(text[end] ?? ' ')) end += 1;
  const authority = text.slice(start, end);
  const found = authority.lastIndexOf('@');
  if (found >= 0) return start + found;
  const colon = authority.indexOf(':');
  if (colon < 0 || isPort(text, start + colon, end)) return -1;
  while (end < limit && !endsUrl(text, end)) {
    if (text.charCodeAt(end) === AT) return end;
    end += 1;
  }
  return -1;
}

function endsUrl(text: string, at: number): boolean {
  return is(text.charCodeAt(at), SPACE) || '"<>`\\{}'.includes(text[at] ?? ' ');
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
  const after = text.charCodeAt(end + 1);
  if (text.startsWith('webpack', colon - 7) || !is(after, ALNUM) || is(after, DIGIT)) return true;
  return skip(text, start, LETTER | DASH | DOT, end) === end && end - start < 5;
}
