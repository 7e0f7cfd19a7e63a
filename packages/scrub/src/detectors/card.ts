import { codeAt, DASH, DIGIT, DOT, is, skip, WORD } from '../character.ts';
import { before, type Finding, type Page, saw } from '../page.ts';

/** Payment card numbers: known issuer, its length, right check digit; plain or grouped as on the card. */

const LONGEST = 19;
const SPACE_CODE = 32;
const DASH_CODE = 45;
const DOT_CODE = 46;

/** Wakes at the first digit of a run. */
export function detectCard(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const first = codeAt(text, at);
  if (first < 50 || first > 54 || is(before(page, at), WORD | DASH | DOT)) return undefined;
  const end = numberEnd(text, at);
  if (end < at + 13) return saw(page, end + 1);
  const next = codeAt(text, end);
  const goesOn = is(next, WORD) || (next === DOT_CODE && is(codeAt(text, end + 1), DIGIT));
  const whole = !goesOn && isGrouped(text, at, end) && isIssued(text, at, end);
  if (!whole || !checks(text, at, end)) return saw(page, end + 2);
  return { rule: 'card', start: at, end };
}

/** The end of digits that stand alone or in groups, with one kind of separator. */
function numberEnd(text: string, at: number): number {
  let end = skip(text, at, DIGIT, at + LONGEST + 1);
  if (end !== at + 4) return end;
  const separator = codeAt(text, end);
  if (separator !== SPACE_CODE && separator !== DASH_CODE) return end;
  while (end < at + LONGEST + 4 && codeAt(text, end) === separator && is(codeAt(text, end + 1), DIGIT)) {
    end = skip(text, end + 1, DIGIT, end + 8);
  }
  return end;
}

/** Plain, or 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4. */
function isGrouped(text: string, at: number, end: number): boolean {
  if (is(codeAt(text, at + 4), DIGIT)) return end - at <= LONGEST && skip(text, at, DIGIT, end) === end;
  const six = codeAt(text, at + 11) === codeAt(text, at + 4);
  if (six) return end - at === 17 || end - at === 16;
  return (
    (end - at === 19 || end - at === 23) &&
    !is(codeAt(text, at + 9), DIGIT) &&
    !is(codeAt(text, at + 14), DIGIT)
  );
}

function isIssued(text: string, start: number, end: number): boolean {
  const four = Number(text.slice(start, start + 4));
  const two = Math.floor(four / 100);
  const length = digitsIn(text, start, end);
  if (two >= 40 && two <= 49) return length === 13 || length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059)) return length >= 14;
  if (two === 35 || two === 65 || two === 62 || two === 60 || two === 64) return length >= 16;
  return length === 16 && two === 50;
}

function digitsIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (is(codeAt(text, at), DIGIT)) count += 1;
  return count;
}

/** Luhn; all digits alike pass it and mean nothing. */
function checks(text: string, start: number, end: number): boolean {
  const first = codeAt(text, start) - 48;
  let sum = 0;
  let count = 0;
  let alike = true;
  for (let at = end - 1; at >= start; at -= 1) {
    const digit = codeAt(text, at) - 48;
    if (digit < 0) continue;
    if (digit !== first) alike = false;
    const weighed = count % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
    count += 1;
  }
  return !alike && sum % 10 === 0;
}
