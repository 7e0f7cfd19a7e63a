import { ALNUM, DIGIT, HEX, is } from './character.ts';
import { COUNTRIES } from './iban-countries.ts';
import { TOKEN_FORMS } from './token-forms.ts';

/**
 * Which two characters side by side may begin, or join, something to remove, and which detectors have to look then: a
 * table for the scanner, so that nearly all of a text costs a look-up for each character and wakes no detector.
 */

export const PRIVATE_KEY = 1;
export const URL = 2;
export const PAIR = 4;
export const FLAG = 8;
export const ELEMENT = 16;
export const SCHEME = 32;
export const TOKEN = 64;
export const EMAIL = 128;
export const CARD = 256;
export const IBAN = 512;
export const PHONE = 1024;
export const IPV4 = 2048;
export const COLON_ADDRESS = 4096;
export const DRIVE = 8192;
export const FOLDER = 16384;
/** Nothing looks back across it: a marker, `~` which is one too, or a start that only local settings name. */
const OTHER = 32768;

/** Stands for every character above ASCII. */
const FOREIGN = 127;
const COLON = 58;
const DOT = 46;
const DASH = 45;
const LESS = 60;
const SLASH = 47;
const BACKSLASH = 92;

/** The slot of a pair of characters in a table of wakes. */
export function pairSlot(first: number, second: number): number {
  return (Math.min(first, FOREIGN) << 7) | Math.min(second, FOREIGN);
}

/** The table for these local settings. */
export function wakes(homeFolders: readonly string[], extraTexts: readonly string[]): Uint16Array {
  const table = BUILT_IN.slice();
  for (const folder of homeFolders) wake(table, FOLDER, folder.charCodeAt(0), folder.charCodeAt(1));
  for (const text of extraTexts) wake(table, OTHER, text.charCodeAt(0), text.charCodeAt(1));
  return table;
}

function wake(table: Uint16Array, detectors: number, first: number, second: number): void {
  const slot = pairSlot(first, second);
  table[slot] = (table[slot] ?? 0) | detectors;
}

const BUILT_IN: Uint16Array = builtIn();

function builtIn(): Uint16Array {
  const table = new Uint16Array(128 * 128);
  const add = (firsts: string, detectors: number, wanted: (second: number) => boolean): void => {
    for (const first of firsts) {
      for (let second = 0; second < 128; second += 1) {
        if (wanted(second)) wake(table, detectors, first.charCodeAt(0), second);
      }
    }
  };
  add('=', PAIR, goesOn);
  add(':', PAIR, (second) => goesOn(second) && second !== COLON);
  add(':', COLON_ADDRESS, (second) => second === COLON || is(second, HEX));
  add(':', URL, (second) => second === SLASH);
  add(':', DRIVE, (second) => second === SLASH || second === BACKSLASH);
  add('>', ELEMENT, (second) => goesOn(second) && second !== LESS);
  add('~', OTHER, () => true);
  add('[', OTHER, (second) => second === 114);
  add('-', PRIVATE_KEY | FLAG, (second) => second === DASH);
  add('/', FOLDER, (second) => second === 104 || second === 85);
  add('@', EMAIL, (second) => is(second, ALNUM) || second === FOREIGN);
  add('%', EMAIL, (second) => second === 52);
  add('+', PHONE, (second) => is(second, DIGIT) && second !== 48);
  add('0123456789', IPV4, (second) => is(second, DIGIT) || second === DOT);
  add('23456', CARD, (second) => is(second, DIGIT));
  add('bB', SCHEME, (second) => 'aAeE'.includes(String.fromCharCode(second)));
  for (const { prefix } of TOKEN_FORMS) wake(table, TOKEN, prefix.charCodeAt(0), prefix.charCodeAt(1));
  for (const country of COUNTRIES.keys()) wake(table, IBAN, country.charCodeAt(0), country.charCodeAt(1));
  return table;
}

/** The line does. */
function goesOn(second: number): boolean {
  return second !== 10 && second !== 13;
}
