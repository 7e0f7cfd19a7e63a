import { ALNUM, codeAt, is, skipAll } from './character.ts';
import type { Finding } from './detector.ts';
import { DETECTORS } from './detectors.ts';
import { markerEnd, markerOf } from './marker.ts';
import { openPage, type Page, saw } from './page.ts';
import type { Settings } from './settings.ts';
import { BITS, ESCAPE, pairSlot, WALL, WORD } from './wakes.ts';

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
const SLASH = 47;
const TILDE = 126;
const LOOKS: readonly ((page: Page, at: number) => Finding | undefined)[] = DETECTORS.map(
  ({ detect }) => detect,
);

/** Scans once; adds what it removed to the counts. */
export function scan(text: string, settings: Settings, counts: Map<string, number>): Scanned {
  const page = openPage(text, settings);
  const { codes, length } = page;
  const { wakes } = settings;
  let out = '';
  let copied = 0;
  let again = false;
  let rule = '';
  let marker = '';
  let count = 0;
  let at = 0;
  let code = codeAt(codes, at);
  while (at < length) {
    const next = codeAt(codes, at + 1);
    const awake = wakes[pairSlot(code, next)] ?? 0;
    if (awake === 0) {
      at += 1;
      code = next;
      continue;
    }
    if (awake === WORD) {
      at = skipAll(codes, at + 2, ALNUM);
      code = codeAt(codes, at);
      continue;
    }
    const { reach } = page;
    const finding = visit(page, at, awake);
    if (finding === undefined) {
      at = behind(page, at, awake);
      code = codeAt(codes, at);
      continue;
    }
    // Who said no at a place that is gone will not be asked there again.
    again ||= (finding.start > at ? page.reach : reach) > finding.start;
    saw(page, finding.sees);
    if (finding.rule !== rule) {
      addTo(counts, rule, count);
      rule = finding.rule;
      marker = markerOf(rule);
      count = 0;
    }
    count += 1;
    const replacement = finding.replacement ?? marker;
    out += text.slice(copied, finding.start) + replacement;
    copied = wall(page, finding.end, replacement.charCodeAt(replacement.length - 1));
    at = copied;
    code = codeAt(codes, at);
  }
  addTo(counts, rule, count);
  return copied === 0 ? { text, again: false } : { text: out + text.slice(copied), again };
}

function addTo(counts: Map<string, number>, rule: string, count: number): void {
  if (count > 0) counts.set(rule, (counts.get(rule) ?? 0) + count);
}

/** Asks whoever is awake at a place, and inside the word behind an escape. */
function visit(page: Page, at: number, awake: number): Finding | undefined {
  const { codes, floor } = page;
  const code = codeAt(codes, at);
  // A sign after its like begins nothing, but for `file:///home` and a bracket before a marker.
  const repeats = at > floor && code === codeAt(codes, at - 1) && code !== SLASH && code !== OPENING_BRACKET;
  const finding = repeats ? undefined : look(page, at, awake);
  return finding === undefined && (awake & ESCAPE) !== 0 ? visitEscaped(page, at) : finding;
}

/** Where an escape (`\\n`, `%3D`) runs into a word, that word begins one or two characters later; or there is no escape. */
function visitEscaped(page: Page, at: number): Finding | undefined {
  const inside = at + (codeAt(page.codes, at) === BACKSLASH ? 2 : 3);
  return look(page, at + 1, wakesAt(page, at + 1)) ?? look(page, inside, wakesAt(page, inside));
}

/** Who wakes at the letter or digit that stands at `at`. */
function wakesAt({ codes, settings }: Page, at: number): number {
  const code = codeAt(codes, at);
  return is(code, ALNUM) ? (settings.wakes[pairSlot(code, codeAt(codes, at + 1))] ?? 0) : 0;
}

/** Asks the detectors that are awake, in their order. */
function look(page: Page, at: number, awake: number): Finding | undefined {
  const { disabled } = page.settings;
  for (let left = awake & BITS; left !== 0; left &= left - 1) {
    const finding = LOOKS[31 - Math.clz32(left & -left)]?.(page, at);
    if (finding !== undefined && (disabled.size === 0 || !disabled.has(finding.rule))) return finding;
  }
  return undefined;
}

/** Where to go on after the detectors at `at` found nothing. */
function behind(page: Page, at: number, awake: number): number {
  const { codes } = page;
  if ((awake & (WORD | ESCAPE)) !== 0) return skipAll(codes, at + 1, ALNUM);
  if ((awake & WALL) === 0) return at + 1;
  // What was written `~` is a wall in the result, so it is one here.
  if (codeAt(codes, at) === TILDE) return wall(page, at + 1, TILDE);
  const end = codeAt(codes, at) === OPENING_BRACKET ? markerEnd(codes, at) : -1;
  return end < 0 ? at + 1 : wall(page, end, CLOSING_BRACKET);
}

function wall(page: Page, floor: number, edge: number): number {
  page.floor = floor;
  page.edge = edge;
  return floor;
}
