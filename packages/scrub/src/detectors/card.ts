import { DASH, DIGIT, DOT, is, skip, WORD } from '../character.ts';
import { before, type Finding, type Page } from '../page.ts';

/** Payment card numbers: known issuer, its length, right check digit; plain or grouped as on the card. */

const LONGEST = 19;
const SPACE_CODE = 32;
const DASH_CODE = 45;

/** Wakes at the first digit of a run. */
export function detectCard(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const first = text.charCodeAt(at);
  if (first < 50 || first > 54 || is(before(page, at), WORD | DASH | DOT)) return undefined;
  const end = numberEnd(text, at);
  if (end < at + 13 || is(text.charCodeAt(end), WORD)) return undefined;
  if (text[end] === '.' && is(text.charCodeAt(end + 1), DIGIT)) return undefined;
  if (!isGrouped(text, at, end)) return undefined;
  const digits = text.slice(at, end).replaceAll(/[ -]/g, '');
  return isIssued(digits) && checks(digits) ? { rule: 'card', start: at, end } : undefined;
}

/** The end of digits that stand alone or in groups, with one kind of separator. */
function numberEnd(text: string, at: number): number {
  let end = skip(text, at, DIGIT, at + LONGEST + 1);
  if (end !== at + 4) return end;
  const separator = text.charCodeAt(end);
  if (separator !== SPACE_CODE && separator !== DASH_CODE) return end;
  while (
    end < at + LONGEST + 4 &&
    text.charCodeAt(end) === separator &&
    is(text.charCodeAt(end + 1), DIGIT)
  ) {
    end = skip(text, end + 1, DIGIT, end + 8);
  }
  return end;
}

/** Plain, or 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4. */
function isGrouped(text: string, at: number, end: number): boolean {
  if (is(text.charCodeAt(at + 4), DIGIT)) return end - at <= LONGEST && skip(text, at, DIGIT, end) === end;
  const six = text.charCodeAt(at + 11) === text.charCodeAt(at + 4);
  if (six) return end - at === 17 || end - at === 16;
  return (
    (end - at === 19 || end - at === 23) &&
    !is(text.charCodeAt(at + 9), DIGIT) &&
    !is(text.charCodeAt(at + 14), DIGIT)
  );
}

function isIssued(digits: string): boolean {
  const length = digits.length;
  const two = Number(digits.slice(0, 2));
  const four = Number(digits.slice(0, 4));
  if (digits[0] === '4') return length === 13 || length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059)) return length >= 14;
  if (two === 35 || two === 65 || two === 62 || two === 60 || two === 64) return length >= 16;
  return length === 16 && two === 50;
}

/** Luhn; all digits alike pass it and mean nothing. */
function checks(digits: string): boolean {
  let sum = 0;
  let alike = true;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    if (digits[index] !== digits[0]) alike = false;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return !alike && sum % 10 === 0;
}
