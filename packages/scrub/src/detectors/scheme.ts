import { type Detector, type Finding, finding } from '../detector.ts';
import {
  ALNUM,
  BASE64_SIGN,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  is,
  PADDING,
  skipAll,
  spellsAnyCase,
  UNDERSCORE,
} from '../scanning/character.ts';
import { type Page, saw, wordBegins } from '../scanning/page.ts';

/** `Bearer TOKEN` and `Basic BASE64` without a header name in front: array of raw headers, messages, fetch options. */
export const SCHEME: Detector = { wakes: [['bB', 'aAeE']], detect: detectScheme };

const TOKEN: number = ALNUM | BASE64_SIGN | PADDING | DASH | UNDERSCORE | DOT;
const BASE64: number = ALNUM | BASE64_SIGN | PADDING;
const COLON = 58;
const EQUALS = 61;

function detectScheme(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  if (codeAt(codes, at + 6) === 32) {
    return spellsAnyCase(codes, at, 'bearer') && wordBegins(page, at) ? bearer(codes, at + 7) : undefined;
  }
  if (codeAt(codes, at + 5) !== 32 || !spellsAnyCase(codes, at, 'basic') || !wordBegins(page, at))
    return undefined;
  return basic(page, at + 6);
}

/** "Bearer authentication" is prose: a token has a digit, or is longer than words are. */
function bearer(codes: Uint8Array, start: number): Finding | undefined {
  const end = skipAll(codes, start, TOKEN);
  const length = end - start;
  if (length < 8) return undefined;
  let digits = 0;
  for (let at = start; at < start + 24 && at < end; at += 1) if (is(codeAt(codes, at), DIGIT)) digits += 1;
  return digits > 0 || length >= 24 ? finding('authorization', start, end) : undefined;
}

function basic(page: Page, start: number): Finding | undefined {
  const { codes } = page;
  const end = skipAll(codes, start, BASE64);
  return end - start >= 4 && holdsColon(codes, start, Math.min(end, start + 400))
    ? finding('authorization', start, end)
    : saw(page, end + 1);
}

/** Basic credentials are the base64 of `user:password`: printable, with a colon. */
function holdsColon(codes: Uint8Array, start: number, end: number): boolean {
  let bits = 0;
  let held = 0;
  let colon = false;
  for (let at = start; at < end && codeAt(codes, at) !== EQUALS; at += 1) {
    bits = ((bits << 6) | sextet(codeAt(codes, at))) & 0xffff;
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
