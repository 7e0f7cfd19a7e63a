import { type Detector, type Finding, finding } from '../detector.ts';
import { codeAt, DASH, DIGIT, DOT, is, LEAD_IN, WORD } from '../scanning/character.ts';
import { before, type Page, saw } from '../scanning/page.ts';

/**
 * Phone numbers in international form, `+49 30 1234567`, and only those: other digits may be anything. Eight to
 * fifteen digits; without a separator at least ten, since `+12345678` may be a difference.
 */
export const PHONE: Detector = { wakes: [['+', '123456789']], detect: detectPhone };

const LONGEST = 24;
const SPACE_CODE = 32;
const OPENING = 40;
const CLOSING = 41;
const DASH_CODE = 45;
const SLASH = 47;

function detectPhone(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  if (!is(before(page, at), LEAD_IN)) return undefined;
  let digits = 0;
  let end = at + 1;
  let index = at + 1;
  for (; index <= at + LONGEST; index += 1) {
    const code = codeAt(codes, index);
    if (is(code, DIGIT)) {
      digits += 1;
      end = index + 1;
    } else if (!separates(codes, index, code)) break;
  }
  const next = codeAt(codes, end);
  const grouped = end - at - 1 > digits;
  const wrong = digits > 15 || is(next, WORD | DASH) || next === 58 || next === 43;
  if (wrong || digits < (grouped ? 9 : 10) || goesOn(codes, end)) return saw(page, index + 2);
  return finding('phone', at, end);
}

/** One separator, or two where a bracket opens or closes. */
function separates(codes: Uint8Array, at: number, code: number): boolean {
  const bracket = code === OPENING || code === CLOSING;
  if (!bracket && code !== SPACE_CODE && code !== SLASH && !is(code, DASH | DOT)) return false;
  const next = codeAt(codes, at + 1);
  if (is(next, DIGIT)) return true;
  return (
    (code === SPACE_CODE && next === OPENING) ||
    (code === CLOSING && (next === SPACE_CODE || next === DASH_CODE))
  );
}

function goesOn(codes: Uint8Array, end: number): boolean {
  return is(codeAt(codes, end), DOT | DASH) && is(codeAt(codes, end + 1), DIGIT);
}
