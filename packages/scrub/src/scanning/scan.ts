import type { Finding } from '../detector.ts';
import { DETECTORS } from '../detectors.ts';
import type { Settings } from '../settings.ts';
import { ALNUM, codeAt, is, LINE_FEED, skipAll } from './character.ts';
import { type Doubt, note, raise, type Stretch } from './doubt.ts';
import { markerEnd, markerOf } from './marker.ts';
import { openPage, type Page } from './page.ts';
import { BITS, ESCAPE, pairSlot, WALL, WORD } from './wakes.ts';

/**
 * One pass over the text, left to right. Two characters side by side either wake detectors (`wakes.ts`), in the order of
 * `DETECTORS`, or cost a table look-up. The first finding wins and the scan goes on behind it, so nothing is read twice.
 * A later pass asks only where a removal left a doubt (`doubt.ts`).
 */

/** The text without what the rules found. */
export interface Scanned {
  /** The very same string when nothing was found. */
  readonly text: string;
  /** Where in it a removal took away what had made a detector say no; usually nowhere. */
  readonly doubtful: readonly Stretch[];
}

/** A pass under way: the page, and the result so far. */
interface Pass {
  readonly page: Page;
  readonly counts: Map<string, number>;
  readonly doubt: Doubt;
  readonly doubtful: Stretch[];
  out: string;
  /** Up to where the text is in `out`, or was left out of it. */
  copied: number;
  /** From a place of the text to the same one of the result. */
  shift: number;
  /** The rule that found something last, its marker, and how often in a row. */
  rule: string;
  marker: string;
  count: number;
}

const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const BACKSLASH = 92;
const SLASH = 47;
const TILDE = 126;
/** Farther back no detector looks, and none across a wall. */
const LOOKS_BACK = 128;
const LOOKS: readonly ((page: Page, at: number) => Finding | undefined)[] = DETECTORS.map(
  ({ detect }) => detect,
);

/** Scans once, all of the text or what is doubtful of it; adds what it removed to the counts. */
export function scan(
  text: string,
  settings: Settings,
  counts: Map<string, number>,
  doubtful?: readonly Stretch[],
): Scanned {
  const page = openPage(text, settings);
  const pass: Pass = {
    page,
    counts,
    doubt: { from: 0, floor: 0, edge: LINE_FEED },
    doubtful: [],
    out: '',
    copied: 0,
    shift: 0,
    rule: '',
    marker: '',
    count: 0,
  };
  if (doubtful === undefined) scanStretch(pass, 0, page.length);
  else scanAgain(pass, doubtful);
  addTo(counts, pass.rule, pass.count);
  if (pass.copied === 0) return { text, doubtful: [] };
  return { text: pass.out + text.slice(pass.copied), doubtful: pass.doubtful };
}

function scanAgain(pass: Pass, doubtful: readonly Stretch[]): void {
  const { page } = pass;
  let at = 0;
  for (const { from, floor, edge, end } of doubtful) {
    if (end <= at) continue;
    if (floor > page.floor) wall(page, floor, edge);
    at = scanStretch(pass, Math.max(at, from), end);
  }
}

/** Scans from a place to where the stretch ends; gives where it stopped. */
function scanStretch(pass: Pass, from: number, stretchEnd: number): number {
  const { page } = pass;
  const { codes, length } = page;
  const { wakes } = page.settings;
  let end = stretchEnd;
  let at = from;
  let code = codeAt(codes, at);
  while (at < end) {
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
      if (page.reach > reach && reach <= at) raise(pass.doubt, page, at, pass.shift);
      at = behind(page, at, awake);
    } else {
      settleReach(pass, at, reach, finding.start);
      at = remove(pass, at, from, finding);
      end = Math.min(length, Math.max(stretchEnd, at + LOOKS_BACK));
    }
    code = codeAt(codes, at);
  }
  return at;
}

/** Who said no at a place that is gone will not be asked there again. */
function settleReach(pass: Pass, at: number, reach: number, start: number): void {
  const { page } = pass;
  if (start <= at) page.reach = reach;
  else if (page.reach > reach && reach <= at) raise(pass.doubt, page, at, pass.shift);
}

/** Puts the marker in place of what was found, and goes on behind it. */
function remove(pass: Pass, at: number, from: number, found: Finding): number {
  const { page, doubt } = pass;
  const { start, end, sees } = found;
  if (found.rule !== pass.rule) {
    addTo(pass.counts, pass.rule, pass.count);
    pass.rule = found.rule;
    pass.marker = markerOf(found.rule);
    pass.count = 0;
  }
  pass.count += 1;
  const replacement = found.replacement ?? pass.marker;
  pass.out += page.text.slice(pass.copied, start) + replacement;
  // What begins before its stretch may have been seen by any of those that were not asked in this pass.
  if (start < from) raise(doubt, page, page.floor, pass.shift);
  if (page.reach > start || start < from) note(pass.doubtful, doubt, pass.out.length);
  if (sees > end && sees > page.reach) {
    if (page.reach <= at) raise(doubt, page, Math.min(at, start), pass.shift);
    page.reach = sees;
  }
  pass.copied = wall(page, end, replacement.charCodeAt(replacement.length - 1));
  pass.shift = pass.out.length - end;
  return end;
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
  if ((awake & WALL) === 0) return runEnd(codes, at);
  // What was written `~` is a wall in the result, so it is one here.
  if (codeAt(codes, at) === TILDE) return wall(page, at + 1, TILDE);
  const end = codeAt(codes, at) === OPENING_BRACKET ? markerEnd(codes, at) : -1;
  return end < 0 ? at + 1 : wall(page, end, CLOSING_BRACKET);
}

/** Behind a sign and all that are like it: they begin nothing. */
function runEnd(codes: Uint8Array, at: number): number {
  const code = codeAt(codes, at);
  let end = at + 1;
  while (codeAt(codes, end) === code) end += 1;
  return end;
}

function wall(page: Page, floor: number, edge: number): number {
  page.floor = floor;
  page.edge = edge;
  return floor;
}
