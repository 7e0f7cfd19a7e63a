import {
  ALNUM,
  BASE64_SIGN,
  BLANK,
  charAt,
  codeAt,
  DASH,
  DOT,
  is,
  LINE_END,
  PADDING,
  skip,
  UNDERSCORE,
  UPPER,
} from '../character.ts';
import { before, type Finding, type Page } from '../page.ts';

/** `-----BEGIN … PRIVATE KEY-----` to its END line; a block that was cut off goes as far as it looks like one. */

const DASH_CODE = 45;
const TITLE: number = ALNUM | BLANK;
/** Base64, line ends (also escaped), header lines such as `DEK-Info:`, indentation and comment signs. */
const BODY: number = ALNUM | BASE64_SIGN | PADDING | BLANK | LINE_END | DASH | DOT | UNDERSCORE;
const BODY_SIGNS = '\\:,"\'>#*|%';

/** Wakes at `-`. */
export function detectPrivateKey(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (before(page, at) === DASH_CODE || !text.startsWith('----', at)) return undefined;
  const title = skip(text, skip(text, at, DASH, at + 5), BLANK, at + 6);
  if (!text.startsWith('BEGIN ', title)) return undefined;
  const titleEnd = skip(text, title, TITLE, title + 60);
  if (!is(codeAt(text, titleEnd), DASH) || !text.slice(title, titleEnd).includes('PRIVATE KEY'))
    return undefined;
  return { rule: 'private-key', start: at, end: blockEnd(text, skip(text, titleEnd, DASH, titleEnd + 5)) };
}

function blockEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = codeAt(text, at);
    if (code === DASH_CODE && text.startsWith('----', at)) return footerEnd(text, at);
    if (!is(code, BODY) && !BODY_SIGNS.includes(charAt(text, at))) break;
    at += 1;
  }
  while (at > from && is(codeAt(text, at - 1), BLANK | LINE_END)) at -= 1;
  return at;
}

function footerEnd(text: string, at: number): number {
  const title = skip(text, skip(text, at, DASH, at + 5), BLANK, at + 6);
  if (!text.startsWith('END ', title)) return at;
  const titleEnd = skip(text, title, UPPER | BLANK | ALNUM, title + 60);
  return skip(text, titleEnd, DASH, titleEnd + 5);
}
