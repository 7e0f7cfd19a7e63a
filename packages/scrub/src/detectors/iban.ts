import { type Detector, type Finding, finding } from '../detector.ts';
import { COUNTRIES } from '../lists/iban-countries.ts';
import { ALNUM, codeAt, DIGIT, is, UPPER, WORD } from '../scanning/character.ts';
import { type Page, saw, wordBegins } from '../scanning/page.ts';

/** Bank account numbers: a country, its length, right check digits; in one piece or in groups of four. */
export const IBAN: Detector = {
  wakes: Array.from(COUNTRIES.keys(), (country) => [country.charAt(0), country.charAt(1)] as const),
  detect: detectIban,
};

const SPACE_CODE = 32;
const GROUP = 4;

function detectIban(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  if (!is(codeAt(codes, at + 2), DIGIT) || !is(codeAt(codes, at + 3), DIGIT) || !wordBegins(page, at)) {
    return undefined;
  }
  const length = COUNTRIES.get(page.text.slice(at, at + 2)) ?? 0;
  const gap = codeAt(codes, at + GROUP) === SPACE_CODE ? 1 : 0;
  const end = at + length + gap * Math.floor((length - 1) / GROUP);
  const whole = !is(codeAt(codes, end), WORD) && hasForm(codes, at, end, gap);
  if (!whole || remainder(codes, at, end) !== 1) return saw(page, end + 1);
  return finding('iban', at, end);
}

function hasForm(codes: Uint8Array, start: number, end: number, gap: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = codeAt(codes, at);
    if (gap === 1 && (at - start) % (GROUP + 1) === GROUP) {
      if (code !== SPACE_CODE) return false;
    } else if (!is(code, UPPER | DIGIT)) return false;
  }
  return true;
}

/** The number with its first four characters moved to the end, letters as 10…35, modulo 97. */
function remainder(codes: Uint8Array, start: number, end: number): number {
  let rest = 0;
  for (let at = start + GROUP; at < end; at += 1) rest = append(rest, codeAt(codes, at));
  for (let at = start; at < start + GROUP; at += 1) rest = append(rest, codeAt(codes, at));
  return rest;
}

function append(rest: number, code: number): number {
  if (!is(code, ALNUM)) return rest;
  return is(code, DIGIT) ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97;
}
