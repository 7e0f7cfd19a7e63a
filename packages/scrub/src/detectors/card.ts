import { type Detector, type Finding, finding } from '../detector.ts';
import { codeAt, DASH, DIGIT, DOT, is, skip, WORD } from '../scanning/character.ts';
import { before, type Page, saw } from '../scanning/page.ts';

/** Payment card numbers: known issuer, its length, right check digit; plain or grouped as on the card. */
export const CARD: Detector = { wakes: [['23456', DIGIT]], detect: detectCard };

const LONGEST = 19;
const SPACE_CODE = 32;
const DASH_CODE = 45;
const DOT_CODE = 46;
const ZERO = 48;

function detectCard(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  if (is(before(page, at), WORD | DASH | DOT)) return undefined;
  const end = numberEnd(codes, at);
  if (end < at + 13) return saw(page, end + 1);
  const next = codeAt(codes, end);
  const goesOn = is(next, WORD) || (next === DOT_CODE && is(codeAt(codes, end + 1), DIGIT));
  const whole = !goesOn && isGrouped(codes, at, end) && isIssued(codes, at, end);
  if (!whole || !checks(codes, at, end)) return saw(page, end + 2);
  return finding('card', at, end);
}

/** The end of digits that stand alone or in groups, with one kind of separator. */
function numberEnd(codes: Uint8Array, at: number): number {
  let end = skip(codes, at, DIGIT, at + LONGEST + 1);
  if (end !== at + 4) return end;
  const separator = codeAt(codes, end);
  if (separator !== SPACE_CODE && separator !== DASH_CODE) return end;
  while (end < at + LONGEST + 4 && codeAt(codes, end) === separator && is(codeAt(codes, end + 1), DIGIT)) {
    end = skip(codes, end + 1, DIGIT, end + 8);
  }
  return end;
}

/** Plain, or 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4. */
function isGrouped(codes: Uint8Array, at: number, end: number): boolean {
  if (is(codeAt(codes, at + 4), DIGIT)) return end - at <= LONGEST && skip(codes, at, DIGIT, end) === end;
  const six = codeAt(codes, at + 11) === codeAt(codes, at + 4);
  if (six) return end - at === 17 || end - at === 16;
  return (
    (end - at === 19 || end - at === 23) &&
    !is(codeAt(codes, at + 9), DIGIT) &&
    !is(codeAt(codes, at + 14), DIGIT)
  );
}

function isIssued(codes: Uint8Array, start: number, end: number): boolean {
  const four = fourDigits(codes, start);
  const two = Math.floor(four / 100);
  const length = digitsIn(codes, start, end);
  if (two >= 40 && two <= 49) return length === 13 || length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059)) return length >= 14;
  if (two === 35 || two === 65 || two === 62 || two === 60 || two === 64) return length >= 16;
  return length === 16 && two === 50;
}

function fourDigits(codes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < start + 4; at += 1) value = value * 10 + codeAt(codes, at) - ZERO;
  return value;
}

function digitsIn(codes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (is(codeAt(codes, at), DIGIT)) count += 1;
  return count;
}

/** Luhn; all digits alike pass it and mean nothing. */
function checks(codes: Uint8Array, start: number, end: number): boolean {
  const first = codeAt(codes, start) - ZERO;
  let sum = 0;
  let count = 0;
  let alike = true;
  for (let at = end - 1; at >= start; at -= 1) {
    const digit = codeAt(codes, at) - ZERO;
    if (digit < 0) continue;
    if (digit !== first) alike = false;
    const weighed = count % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
    count += 1;
  }
  return !alike && sum % 10 === 0;
}
