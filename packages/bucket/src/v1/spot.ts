/** A responsible frame in the words of a location: `file#function~position`. */
import type { ChosenFrame } from '../explanation.ts';
import type { Failure } from '../failure.ts';
import type { SourcePosition } from '../source/position.ts';
import { positionIn } from '../source/position.ts';
import type { ClassifiedFrame } from './frame/classified-frame.ts';
import { fileOf } from './frame/site.ts';
import { CALLS_AT_ONCE } from './lists.ts';
import type { Notes } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

export interface Spot {
  /** Empty when the program itself is meant. */
  readonly module: string;
  readonly moduleVersion: string;
  readonly where: string;
  readonly frame: ChosenFrame;
}

const MAX_TEXT = 300;

export function spotOf(
  frames: readonly ClassifiedFrame[],
  at: number,
  failure: Failure,
  notes: Notes,
): Spot | undefined {
  const chosen = frames[at];
  if (chosen === undefined) return undefined;
  const { frame, site } = chosen;
  const position = sourcePosition(chosen);
  const name = position?.function ?? (chosen.function || enclosingByCall(frames, at));
  const own = site.side === 'own';
  const file = fileOf(site, failure);
  return {
    module: own ? '' : site.module,
    moduleVersion: own ? '' : site.moduleVersion,
    where: `${file}#${name}${markOf(position, name, chosen, notes)}`,
    frame: {
      text: frame.text.slice(0, MAX_TEXT),
      module: site.module,
      file,
      function: name,
      line: frame.line,
      column: frame.column,
    },
  };
}

/** `file#function` alone, for rules in which the line is chance. */
export function functionSpot(frame: ClassifiedFrame, failure: Failure): string {
  return `${fileOf(frame.site, failure)}#${sourcePosition(frame)?.function ?? frame.function}`;
}

function sourcePosition(chosen: ClassifiedFrame): SourcePosition | undefined {
  const { line, column } = chosen.frame;
  const text = line === undefined ? undefined : chosen.source();
  return text === undefined || line === undefined ? undefined : positionIn(text, line, column);
}

function markOf(
  position: SourcePosition | undefined,
  name: string,
  { frame }: ClassifiedFrame,
  notes: Notes,
): string {
  if (position !== undefined) {
    ruleFired(
      notes,
      'source-line',
      `position is the text of the line, not its number: ${position.line.slice(0, 120)}`,
    );
    return `~${position.mark}`;
  }
  if (name !== '') {
    leaveOut(notes, 'line and column', 'no source text, and the function has a name');
    return '';
  }
  if (frame.line === undefined) return '';
  ruleFired(notes, 'line-number', 'neither a source text nor a function name, so the line number must do');
  return `~L${frame.line}`;
}

// A nameless callback of `map`, `sort` or `JSON.parse` lies in the function that made the call.
function enclosingByCall(frames: readonly ClassifiedFrame[], at: number): string {
  const file = frames[at]?.frame.file;
  let next = at + 1;
  while (isImmediateCall(frames[next])) next++;
  const around = frames[next];
  if (around === undefined || next === at + 1) return '';
  return around.frame.file === file ? around.function : '';
}

function isImmediateCall(frame: ClassifiedFrame | undefined): boolean {
  return frame !== undefined && frame.frame.file === '' && CALLS_AT_ONCE.test(frame.frame.name);
}
