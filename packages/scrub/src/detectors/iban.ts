import { ALNUM, codeAt, DIGIT, is, UPPER, WORD } from '../character.ts';
import { COUNTRIES } from '../iban-countries.ts';
import { type Finding, type Page, saw, wordBegins } from '../page.ts';
import { pairSlot } from '../wakes.ts';

/** Bank account numbers: a country, its length, right check digits; in one piece or in groups of four. */

const SPACE_CODE = 32;
const LENGTHS: Uint8Array = lengths();
const GROUP = 4;

function lengths(): Uint8Array {
  const table = new Uint8Array(128 * 128);
  for (const [country, length] of COUNTRIES) {
    table[pairSlot(country.charCodeAt(0), country.charCodeAt(1))] = length;
  }
  return table;
}

/** Wakes at the first letter of a word. */
export function detectIban(page: Page, at: number): Finding | undefined {
  const { text } = page;
  if (!is(codeAt(text, at + 2), DIGIT) || !is(codeAt(text, at + 3), DIGIT)) return undefined;
  const length = LENGTHS[pairSlot(codeAt(text, at), codeAt(text, at + 1))] ?? 0;
  if (length === 0 || !wordBegins(page, at)) return undefined;
  const gap = codeAt(text, at + GROUP) === SPACE_CODE ? 1 : 0;
  const end = at + length + gap * Math.floor((length - 1) / GROUP);
  const whole = !is(codeAt(text, end), WORD) && hasForm(text, at, end, gap);
  if (!whole || remainder(text, at, end) !== 1) return saw(page, end + 1);
  return { rule: 'iban', start: at, end };
}

function hasForm(text: string, start: number, end: number, gap: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = codeAt(text, at);
    if (gap === 1 && (at - start) % (GROUP + 1) === GROUP) {
      if (code !== SPACE_CODE) return false;
    } else if (!is(code, UPPER | DIGIT)) return false;
  }
  return true;
}

/** The number with its first four characters moved to the end, letters as 10…35, modulo 97. */
function remainder(text: string, start: number, end: number): number {
  let rest = 0;
  for (let at = start + GROUP; at < end; at += 1) rest = append(rest, codeAt(text, at));
  for (let at = start; at < start + GROUP; at += 1) rest = append(rest, codeAt(text, at));
  return rest;
}

function append(rest: number, code: number): number {
  if (!is(code, ALNUM)) return rest;
  return is(code, DIGIT) ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97;
}
