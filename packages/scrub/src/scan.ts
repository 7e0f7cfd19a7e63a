import { ALNUM, codeAt, is, LINE_FEED, skipAll } from './character.ts';
import type { Finding } from './detector.ts';
import { DETECTORS } from './detectors.ts';
import { markerEnd, markerOf } from './marker.ts';
import { openPage, type Page, saw } from './page.ts';
import type { Settings } from './settings.ts';
import { pairSlot, WORD_START } from './wakes.ts';

/**
 * One pass over the text, left to right. Two characters side by side either wake detectors (`wakes.ts`), in the order of
 * `DETECTORS`, or cost a table look-up. The first finding wins and the scan goes on behind it, so nothing is read twice.
 */

/** The text without what the rules found. */
export interface Scanned {
  /** The very same string when nothing was found. */
  readonly text: string;
  /** True when a removal took away text that had made a detector say no: scan the result again. */
  readonly again: boolean;
}

const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const BACKSLASH = 92;
const PERCENT = 37;
const SLASH = 47;
const TILDE = 126;

/** Scans once; adds what it removed to the counts. */
export function scan(text: string, settings: Settings, counts: Map<string, number>): Scanned {
  const page = openPage(text, settings);
  let out = '';
  let copied = 0;
  let again = false;
  let at = nextWake(page, 0);
  while (at < page.length) {
    const { reach } = page;
    const finding = look(page, at, page.awake) ?? lookInside(page, at);
    if (finding === undefined) {
      at = nextWake(page, behind(page, at));
      continue;
    }
    // Who said no at a place that is gone will not be asked there again.
    again ||= (finding.start > at ? page.reach : reach) > finding.start;
    if (finding.sees !== undefined) saw(page, finding.sees);
    const replacement = finding.replacement ?? markerOf(finding.rule);
    out += text.slice(copied, finding.start) + replacement;
    copied = finding.end;
    counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
    wall(page, copied, replacement.charCodeAt(replacement.length - 1));
    at = nextWake(page, copied);
  }
  return copied === 0 ? { text, again: false } : { text: out + text.slice(copied), again };
}

/** The next place at or after `from` where a detector must look; which ones stands in the page. */
function nextWake(page: Page, from: number): number {
  const { codes, length } = page;
  const { wakes } = page.settings;
  let at = from;
  let code = codeAt(codes, at);
  while (at < length) {
    const next = codeAt(codes, at + 1);
    const awake = wakes[pairSlot(code, next)] ?? 0;
    if ((awake & WORD_START) !== 0) {
      if (wakesAsWord(page, at, awake)) return at;
      at = skipAll(codes, at + 1, ALNUM);
      code = codeAt(codes, at);
    } else {
      if (awake !== 0 && wakesAsSign(page, at, code, awake)) return at;
      at += 1;
      code = next;
    }
  }
  return at;
}

/** A sign after its like begins nothing, but for `file:///home` and a bracket before a marker. */
function wakesAsSign(page: Page, at: number, code: number, awake: number): boolean {
  if (at > page.floor && code === codeAt(page.codes, at - 1) && code !== SLASH && code !== OPENING_BRACKET)
    return false;
  page.awake = awake;
  page.awakeInside = 0;
  return true;
}

/** Behind a backslash or a per cent sign a word may begin one or two characters later. */
function wakesAsWord(page: Page, at: number, awake: number): boolean {
  const previous = at > page.floor ? codeAt(page.codes, at - 1) : LINE_FEED;
  page.awake = awake & ~WORD_START;
  page.awakeInside = previous === BACKSLASH || previous === PERCENT ? wakesInside(page, at, previous) : 0;
  return (page.awake | page.awakeInside) !== 0;
}

/** Where an escape (`\\n`, `%3D`) runs into a word, that word begins inside the run of letters and digits. */
function wakesInside({ codes, settings }: Page, at: number, sign: number): number {
  const inside = at + (sign === BACKSLASH ? 1 : 2);
  const code = codeAt(codes, inside);
  return is(code, ALNUM) ? (settings.wakes[pairSlot(code, codeAt(codes, inside + 1))] ?? 0) & ~WORD_START : 0;
}

/** Where to go on after the detectors at `at` found nothing. */
function behind(page: Page, at: number): number {
  const { codes } = page;
  const code = codeAt(codes, at);
  if (is(code, ALNUM)) return skipAll(codes, at + 1, ALNUM);
  // What was written `~` is a wall in the result, so it is one here.
  if (code === TILDE) return wall(page, at + 1, TILDE);
  const end = code === OPENING_BRACKET ? markerEnd(codes, at) : -1;
  return end < 0 ? at + 1 : wall(page, end, CLOSING_BRACKET);
}

function wall(page: Page, floor: number, edge: number): number {
  page.floor = floor;
  page.edge = edge;
  return floor;
}

function lookInside(page: Page, at: number): Finding | undefined {
  if (page.awakeInside === 0) return undefined;
  return look(page, at + (codeAt(page.codes, at - 1) === BACKSLASH ? 1 : 2), page.awakeInside);
}

/** Asks the detectors that are awake, in their order. */
function look(page: Page, at: number, awake: number): Finding | undefined {
  for (let left = awake; left !== 0; left &= left - 1) {
    const finding = DETECTORS[31 - Math.clz32(left & -left)]?.detect(page, at);
    if (finding !== undefined && !page.settings.disabled.has(finding.rule)) return finding;
  }
  return undefined;
}
