/** A responsible frame in the words of a location: `file#function~position`. */
import type { ChosenFrame } from '../explanation.ts';
import { MAX_LINE } from '../source/place.ts';
import type { SourcePosition } from '../source/position.ts';
import type { Frame } from '../stack/frame.ts';
import { writtenName } from './frame/function-name.ts';
import type { LazyFrame, PlacedFrame } from './frame/placed-frame.ts';
import { CALLS_AT_ONCE } from './lists.ts';
import type { Notes } from './notes.ts';
import { leaveOut, ruleFired } from './notes.ts';

export interface Spot {
  /** Empty when the program itself is meant. */
  readonly module: string;
  readonly version: string;
  readonly where: string;
  readonly frame: ChosenFrame;
}

const MAX_TEXT = 300;

/** `undefined` when there is no such frame. */
export function spotOf(frames: readonly LazyFrame[], at: number, notes: Notes): Spot | undefined {
  const chosen = frames[at]?.();
  if (!chosen?.site) return undefined;
  const { text, line, column } = chosen.frame;
  const { module, version } = chosen.site;
  const file = chosen.site.file();
  const position = chosen.position();
  const inText = position?.function;
  const name = inText === undefined ? chosen.name || enclosingByCall(frames, at) : writtenName(inText);
  const where = `${file}#${name}${markOf(position, name, chosen.frame, notes)}`;
  return {
    module,
    version,
    where,
    frame: { text: text.slice(0, MAX_TEXT), module, file, function: name, line, column },
  };
}

/** `file#function` alone, for rules in which the line is chance. */
export function functionSpot(frame: PlacedFrame): string {
  return `${frame.site?.file()}#${writtenName(frame.functionInText() ?? frame.name)}`;
}

function markOf(
  position: SourcePosition | undefined,
  name: string,
  { line, column = 0 }: Frame,
  notes: Notes,
): string {
  if (position) {
    ruleFired(notes, 'source-line', position.line.slice(0, 120));
    return `~${position.mark}`;
  }
  if (column > MAX_LINE) {
    // Only a minifier writes such lines, and its names stand for many functions.
    ruleFired(notes, 'line-number', ' and the column, of one build');
    return `~L${line}:${column}`;
  }
  if (name) leaveOut(notes, 'line and column', 'named');
  if (name || line === undefined) return '';
  ruleFired(notes, 'line-number');
  return `~L${line}`;
}

// A nameless callback of `map`, `sort` or `JSON.parse` lies in the function that made the call.
function enclosingByCall(frames: readonly LazyFrame[], at: number): string {
  const around = frames.findIndex((frame, index) => index > at && !isImmediateCall(frame()));
  const below = around > at + 1 ? frames[around]?.() : undefined;
  return below && below.frame.file === frames[at]?.().frame.file ? below.name : '';
}

function isImmediateCall({ frame }: PlacedFrame): boolean {
  return frame.file === '' && CALLS_AT_ONCE.test(frame.name);
}
