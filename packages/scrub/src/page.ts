import { is, LETTER, WORD } from './character.ts';
import type { Settings } from './settings.ts';

/** What a detector found: the half-open stretch `start`…`end` of the text goes, under this rule. */
export interface Finding {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  /** Instead of the rule's marker. */
  readonly replacement?: string;
}

/**
 * Looks at the text around `at`, where one of its wake characters stands. Must read a bounded stretch, or
 * include all it read beyond that in its finding: that is what keeps the whole scan linear.
 */
export type Detector = (page: Page, at: number) => Finding | undefined;

/**
 * The text under the scanner. `floor` is the end of the latest removal: a detector never looks back across it,
 * because there the reader of the result will see a marker and not the text; `edge` is that marker's last character.
 */
export interface Page {
  readonly text: string;
  readonly settings: Settings;
  floor: number;
  edge: number;
  /** First `@` at or after the place last asked about; text length when there is none. */
  nextAt: number;
  /** End of the run of base64url characters last looked at. */
  partEnd: number;
  /** First digit and first capital at or after the place last asked about. */
  nextDigit: number;
  nextCapital: number;
}

const LINE_FEED = 10;
const BACKSLASH = 92;
const PERCENT = 37;

/** The character in front of `at` as the reader of the result will see it; a line feed at the very start. */
export function before(page: Page, at: number): number {
  if (at <= 0) return LINE_FEED;
  return at <= page.floor ? page.edge : page.text.charCodeAt(at - 1);
}

/**
 * True when a word begins at `at`. The `n` of an escaped line feed and the last digit of a `%3D` are no part of a
 * word: text that was quoted once more must give up its secrets too.
 */
export function wordBegins(page: Page, at: number): boolean {
  const previous = before(page, at);
  if (!is(previous, WORD)) return true;
  if (at - 2 >= page.floor && page.text.charCodeAt(at - 2) === BACKSLASH) return is(previous, LETTER);
  return at - 3 >= page.floor && page.text.charCodeAt(at - 3) === PERCENT;
}

/** Position of the first `@` at or after `from`; remembered, so that asking everywhere stays linear. */
export function findAt(page: Page, from: number): number {
  if (page.nextAt < from) {
    const found = page.text.indexOf('@', from);
    page.nextAt = found < 0 ? page.text.length : found;
  }
  return page.nextAt;
}
