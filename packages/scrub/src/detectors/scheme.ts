import { ALNUM, BASE64_SIGN, codeAt, DASH, DIGIT, DOT, is, PADDING, skip, UNDERSCORE } from '../character.ts';
import { type Finding, type Page, saw, wordBegins } from '../page.ts';

/** `Bearer TOKEN` and `Basic BASE64` without a header name in front: array of raw headers, messages, fetch options. */

const TOKEN: number = ALNUM | BASE64_SIGN | PADDING | DASH | UNDERSCORE | DOT;
const BASE64: number = ALNUM | BASE64_SIGN | PADDING;
const COLON = 58;
const EQUALS = 61;

/** Wakes at the first letter of a word. */
export function detectScheme(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (codeAt(text, at + 6) === 32) {
    return isWord(text, at, 'bearer') && wordBegins(page, at) ? bearer(text, at + 7) : undefined;
  }
  if (codeAt(text, at + 5) !== 32 || !isWord(text, at, 'basic') || !wordBegins(page, at)) return undefined;
  return basic(page, at + 6);
}

function isWord(text: string, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if ((codeAt(text, at + index) | 32) !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** "Bearer authentication" is prose: a token has a digit, or is longer than words are. */
function bearer(text: string, start: number): Finding | undefined {
  const end = skip(text, start, TOKEN, text.length);
  const length = end - start;
  if (length < 8) return undefined;
  let digits = 0;
  for (let at = start; at < start + 24 && at < end; at += 1) if (is(codeAt(text, at), DIGIT)) digits += 1;
  return digits > 0 || length >= 24 ? { rule: 'authorization', start, end } : undefined;
}

function basic(page: Page, start: number): Finding | undefined {
  const { text } = page;
  const end = skip(text, start, BASE64, text.length);
  return end - start >= 4 && holdsColon(text, start, Math.min(end, start + 400))
    ? { rule: 'authorization', start, end }
    : saw(page, end + 1);
}

/** Basic credentials are the base64 of `user:password`: printable, with a colon. */
function holdsColon(text: string, start: number, end: number): boolean {
  let bits = 0;
  let held = 0;
  let colon = false;
  for (let at = start; at < end && codeAt(text, at) !== EQUALS; at += 1) {
    bits = ((bits << 6) | sextet(codeAt(text, at))) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const byte = (bits >> held) & 0xff;
    if (byte < 32) return false;
    if (byte === COLON) colon = true;
  }
  return colon;
}

function sextet(code: number): number {
  if (code >= 97) return code - 71;
  if (code >= 65) return code - 65;
  if (code >= 48) return code + 4;
  return code === 43 ? 62 : 63;
}
