import type { Settings } from '../settings.ts';
import {
  codeAt,
  DASH,
  DIGIT,
  ELEMENT_END,
  is,
  LETTER,
  LINE_FEED,
  skipAll,
  UPPER,
  URL_END,
  WORD,
} from './character.ts';
import { sheetOf } from './sheet.ts';

/**
 * The text under the scanner. `floor` is the end of the latest removal: a detector never looks back across it,
 * because there the reader of the result will see a marker and not the text; `edge` is that marker's last character.
 */
export interface Page {
  readonly text: string;
  /** The same, as codes to look at; behind the text they are line feeds (`sheet.ts`). */
  readonly codes: Uint8Array;
  readonly length: number;
  readonly settings: Settings;
  floor: number;
  edge: number;
  /**
   * How far detectors looked that said no only because of the text in front of this place. A removal before it may
   * turn such a no into a yes, so the result must be scanned once more; otherwise it need not be.
   */
  reach: number;
  /** The detectors that the scanner's present place wakes, and those a word inside an escape there wakes. */
  awake: number;
  awakeInside: number;
  /** First `@` at or after the place last asked about; text length when there is none. */
  nextAt: number;
  /** First character that ends a URL, in the same way. */
  urlEnd: number;
  /** First character that ends the text of an XML element, in the same way. */
  elementEnd: number;
  /** End of the run of base64url characters last looked at. */
  partEnd: number;
  /** First digit and first capital at or after the place last asked about. */
  nextDigit: number;
  nextCapital: number;
}

const BACKSLASH = 92;
const PERCENT = 37;

/** A page before its scan. */
export function openPage(text: string, settings: Settings): Page {
  return {
    text,
    codes: sheetOf(text),
    length: text.length,
    settings,
    floor: 0,
    edge: LINE_FEED,
    reach: 0,
    awake: 0,
    awakeInside: 0,
    nextAt: -1,
    urlEnd: -1,
    elementEnd: -1,
    partEnd: -1,
    nextDigit: -1,
    nextCapital: -1,
  };
}

/** Says no, noting that other text before `end` might have given a yes. */
export function saw(page: Page, end: number): undefined {
  if (end > page.reach) page.reach = end;
  return undefined;
}

/** The character in front of `at` as the reader of the result will see it; a line feed at the very start. */
export function before(page: Page, at: number): number {
  return at <= page.floor ? page.edge : codeAt(page.codes, at - 1);
}

/** The character `back` places in front of `at`; a line feed where a removal or the beginning is nearer. */
export function farBefore(page: Page, at: number, back: number): number {
  return at - back < page.floor ? LINE_FEED : codeAt(page.codes, at - back);
}

/**
 * True when a word begins at `at`. The `n` of an escaped line feed and the last digit of a `%3D` are no part of a
 * word: text that was quoted once more must give up its secrets too.
 */
export function wordBegins(page: Page, at: number): boolean {
  const previous = before(page, at);
  if (!is(previous, WORD)) return true;
  if (farBefore(page, at, 2) === BACKSLASH) return is(previous, LETTER);
  return farBefore(page, at, 3) === PERCENT;
}

/** Position of the first `@` at or after `from`; remembered, so that asking everywhere stays linear. */
export function findAt(page: Page, from: number): number {
  if (page.nextAt < from) {
    const found = page.text.indexOf('@', from);
    page.nextAt = found < 0 ? page.length : found;
  }
  return page.nextAt;
}

/** Where a URL that is under way at `from` ends at the latest; remembered. */
export function findUrlEnd(page: Page, from: number): number {
  if (page.urlEnd < from) page.urlEnd = find(page, from, URL_END);
  return page.urlEnd;
}

/** Position of the first digit at or after `from`; remembered. */
export function findDigit(page: Page, from: number): number {
  if (page.nextDigit < from) page.nextDigit = find(page, from, DIGIT);
  return page.nextDigit;
}

/** Position of the first capital at or after `from`; remembered. */
export function findCapital(page: Page, from: number): number {
  if (page.nextCapital < from) page.nextCapital = find(page, from, UPPER);
  return page.nextCapital;
}

/** End of the run of base64url characters that `from` stands in; remembered. */
export function findPartEnd(page: Page, from: number): number {
  if (page.partEnd < from) page.partEnd = skipAll(page.codes, from, WORD | DASH);
  return page.partEnd;
}

/** Where the text of an element that is under way at `from` ends: at a tag, a quote or a line end; remembered. */
export function findElementEnd(page: Page, from: number): number {
  if (page.elementEnd < from) page.elementEnd = find(page, from, ELEMENT_END);
  return page.elementEnd;
}

/** Far behind every text, and still a small integer to the engine. */
const NOWHERE = 0x3fffffff;

/** The first character of these classes; the end of the text where it counts as one, nowhere where it does not. */
function find({ codes, length }: Page, from: number, classes: number): number {
  let at = from;
  while (at < length && !is(codeAt(codes, at), classes)) at += 1;
  return at < length || is(LINE_FEED, classes) ? at : NOWHERE;
}
