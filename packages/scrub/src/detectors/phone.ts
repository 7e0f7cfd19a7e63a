import { BLANK, codeAt, DASH, DIGIT, DOT, is, QUOTE, WORD } from '../character.ts';
import { before, type Finding, type Page, saw } from '../page.ts';

/**
 * Phone numbers in international form, `+49 30 1234567`, and only those: other digits may be anything. Eight to
 * fifteen digits; without a separator at least ten, since `+12345678` may be a difference.
 */

const LONGEST = 24;
const SEPARATORS = ' -./()';

/** Wakes at `+`. */
export function detectPhone(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (!mayStandBefore(before(page, at))) return undefined;
  let digits = 0;
  let end = at + 1;
  for (let index = at + 1; index <= at + LONGEST; index += 1) {
    const code = codeAt(text, index);
    if (is(code, DIGIT)) {
      digits += 1;
      end = index + 1;
    } else if (!separates(text, index, code)) break;
  }
  const next = codeAt(text, end);
  const grouped = end - at - 1 > digits;
  const wrong = digits > 15 || is(next, WORD | DASH) || next === 58 || next === 43;
  if (wrong || digits < (grouped ? 9 : 10) || goesOn(text, end)) return saw(page, at + LONGEST + 2);
  return { rule: 'phone', start: at, end };
}

/** Not part of a sum, a version or a word. */
function mayStandBefore(code: number): boolean {
  return is(code, BLANK | QUOTE) || code === 10 || ':=(,;[<>'.includes(String.fromCharCode(code));
}

/** One separator, or two where a bracket opens or closes. */
function separates(text: string, at: number, code: number): boolean {
  if (!SEPARATORS.includes(String.fromCharCode(code))) return false;
  const next = codeAt(text, at + 1);
  if (is(next, DIGIT)) return true;
  return (code === 32 && next === 40) || (code === 41 && (next === 32 || next === 45));
}

function goesOn(text: string, end: number): boolean {
  return is(codeAt(text, end), DOT | DASH) && is(codeAt(text, end + 1), DIGIT);
}
