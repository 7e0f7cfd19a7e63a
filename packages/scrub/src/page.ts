import { codeAt, DASH, DIGIT, is, LETTER, skip, UPPER, URL_END, WORD } from './character.ts';
import type { Settings } from './settings.ts';

/** What a detector found: the half-open stretch `start`…`end` of the text goes, under this rule. */
export interface Finding {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  /** Instead of the rule's marker. */
  readonly replacement?: string;
}

// A detector looks at the text around `at`, where one of its wake characters stands. It must read a bounded stretch, or
// include all it read beyond that in its finding, or remember in the page how far it read: that is what keeps the
// whole scan linear. Where it says no because of what ends or follows a stretch, it calls `saw`.

/**
 * The text under the scanner. `floor` is the end of the latest removal: a detector never looks back across it,
 * because there the reader of the result will see a marker and not the text; `edge` is that marker's last character.
 */
export interface Page {
  readonly text: string;
  readonly settings: Settings;
  floor: number;
  edge: number;
  /**
   * How far detectors looked that said no only because of the text in front of this place. A removal before it may
   * turn such a no into a yes, so the result must be scanned once more; otherwise it need not be.
   */
  reach: number;
  /** The detectors that the scanner's present place wakes (`wakes.ts`). */
  awake: number;
  /** True when that place is a word behind a backslash or a per cent sign. */
  escaped: boolean;
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

const LINE_FEED = 10;
const BACKSLASH = 92;
const PERCENT = 37;

/** A page before its scan. */
export function openPage(text: string, settings: Settings): Page {
  return {
    text,
    settings,
    floor: 0,
    edge: LINE_FEED,
    reach: 0,
    awake: 0,
    escaped: false,
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
  return at <= page.floor ? page.edge : codeAt(page.text, at - 1);
}

/**
 * True when a word begins at `at`. The `n` of an escaped line feed and the last digit of a `%3D` are no part of a
 * word: text that was quoted once more must give up its secrets too.
 */
export function wordBegins(page: Page, at: number): boolean {
  const previous = before(page, at);
  if (!is(previous, WORD)) return true;
  if (at - 2 >= page.floor && codeAt(page.text, at - 2) === BACKSLASH) return is(previous, LETTER);
  return at - 3 >= page.floor && codeAt(page.text, at - 3) === PERCENT;
}

/** Position of the first `@` at or after `from`; remembered, so that asking everywhere stays linear. */
export function findAt(page: Page, from: number): number {
  if (page.nextAt < from) {
    const found = page.text.indexOf('@', from);
    page.nextAt = found < 0 ? page.text.length : found;
  }
  return page.nextAt;
}

/** Where a URL that is under way at `from` ends at the latest; remembered. */
export function findUrlEnd(page: Page, from: number): number {
  if (page.urlEnd < from) page.urlEnd = find(page.text, from, URL_END);
  return page.urlEnd;
}

/** Position of the first digit at or after `from`; remembered. */
export function findDigit(page: Page, from: number): number {
  if (page.nextDigit < from) page.nextDigit = find(page.text, from, DIGIT);
  return page.nextDigit;
}

/** Position of the first capital at or after `from`; remembered. */
export function findCapital(page: Page, from: number): number {
  if (page.nextCapital < from) page.nextCapital = find(page.text, from, UPPER);
  return page.nextCapital;
}

/** End of the run of base64url characters that `from` stands in; remembered. */
export function findPartEnd(page: Page, from: number): number {
  if (page.partEnd < from) page.partEnd = skip(page.text, from, WORD | DASH, page.text.length);
  return page.partEnd;
}

/** Where the text of an element that is under way at `from` ends: at a tag, a quote or a line end; remembered. */
export function findElementEnd(page: Page, from: number): number {
  const { text } = page;
  if (page.elementEnd >= from) return page.elementEnd;
  let end = from;
  while (end < text.length && !endsElement(text.charCodeAt(end))) end += 1;
  page.elementEnd = end;
  return end;
}

function endsElement(code: number): boolean {
  return code === 60 || code === LINE_FEED || code === 34 || code === 39 || code === 96;
}

/** Far behind every text, and still a small integer to the engine. */
const NOWHERE = 0x3fffffff;

function find(text: string, from: number, classes: number): number {
  let at = from;
  while (at < text.length && !is(text.charCodeAt(at), classes)) at += 1;
  return at < text.length || classes === URL_END ? at : NOWHERE;
}
