import type { Detector, Wake } from '../detector.ts';
import { HOME_FOLDER } from '../detectors/home-folder.ts';
import { LISTED } from '../detectors/listed.ts';
import { DETECTORS } from '../detectors.ts';
import { ALNUM, FOREIGN_LETTER, GOES_ON, is, LINE_END } from './character.ts';
import { sheetOf } from './sheet.ts';

/**
 * Which two characters side by side may begin, or join, something to remove, and which detectors have to look then: a
 * table for the scanner, so that nearly all of a text costs a look-up for each character and wakes no detector. Each
 * detector has the bit of its place in `DETECTORS`.
 */

/** The bits of detectors; those above say how the scanner goes on. */
export const BITS: number = (1 << 28) - 1;
/** A place across which nothing looks back: a marker, or `~` which is one too. */
export const WALL: number = 1 << 28;
/** A backslash or a per cent sign in front of a letter or a digit. */
export const ESCAPE: number = 1 << 29;
/** A letter or a digit, and another one. The scanner steps to the end of a word by it. */
export const WORD: number = 1 << 30;

const WALLS: readonly Wake[] = [
  ['~', GOES_ON | LINE_END],
  ['[', 'r'],
];
const ESCAPES: Wake = ['\\%', ALNUM];

/** One above the greatest code there is. */
const CODES: number = FOREIGN_LETTER + 1;

/** The slot of a pair of characters in a table of wakes. */
export function pairSlot(first: number, second: number): number {
  return (first << 8) | second;
}

/** The table for these local settings. */
export function wakesOf(homeFolders: readonly string[], extraTexts: readonly string[]): Int32Array {
  if (homeFolders.length === 0 && extraTexts.length === 0) return BUILT_IN;
  const table = BUILT_IN.slice();
  for (const folder of homeFolders) wakeAtStart(table, bitOf(HOME_FOLDER), folder);
  for (const text of extraTexts) wakeAtStart(table, bitOf(LISTED), text);
  return table;
}

function bitOf(detector: Detector): number {
  return 1 << DETECTORS.indexOf(detector);
}

function wakeAtStart(table: Int32Array, bit: number, text: string): void {
  const [first = 0, second = 0] = sheetOf(text);
  add(table, bit, pairSlot(first, second));
}

function add(table: Int32Array, bit: number, slot: number): void {
  table[slot] = (table[slot] ?? 0) | bit;
}

const BUILT_IN: Int32Array = builtIn();

function builtIn(): Int32Array {
  const table = new Int32Array(pairSlot(CODES, 0));
  for (let first = 0; first < CODES; first += 1) {
    if (!is(first, ALNUM)) continue;
    for (const range of ['09', 'AZ', 'az']) {
      table.fill(WORD, pairSlot(first, range.charCodeAt(0)), pairSlot(first, range.charCodeAt(1)) + 1);
    }
  }
  DETECTORS.forEach(({ wakes }, place) => {
    for (const wake of wakes) mark(table, 1 << place, wake);
  });
  for (const wake of WALLS) mark(table, WALL, wake);
  mark(table, ESCAPE, ESCAPES);
  return table;
}

function mark(table: Int32Array, bit: number, [firsts, seconds]: Wake): void {
  for (let index = 0; index < firsts.length; index += 1) {
    const row = pairSlot(firsts.charCodeAt(index), 0);
    if (typeof seconds === 'number') markClasses(table, bit, row, seconds);
    else for (let at = 0; at < seconds.length; at += 1) add(table, bit, row | seconds.charCodeAt(at));
  }
}

function markClasses(table: Int32Array, bit: number, row: number, classes: number): void {
  for (let code = 0; code < CODES; code += 1) if (is(code, classes)) add(table, bit, row | code);
}
