/** The position of a failure inside its function, told by the source text instead of by numbers. */
import { digest } from '../identity.ts';
import { enclosingFunction } from './scopes.ts';
import { sketchOfLine } from './sketch.ts';

export interface SourcePosition {
  /** Innermost named function around the place; `undefined` when the text is too large to look. */
  readonly function: string | undefined;
  /** Short mark of the line, with an ordinal when the function has the same line more than once. */
  readonly mark: string;
  /** The line itself, for explanations. */
  readonly line: string;
}

/** Files beyond this are bundles; finding the function around a place in them would cost milliseconds. */
const MAX_SCAN = 1 << 19;
/** A longer line was printed by a minifier, for which lines mean nothing. */
const MAX_LINE = 400;
const LINES_UP = 6;
/** A bound on the search for equal lines, for texts made to be slow. */
const MAX_PROBES = 200;
const DEBUG_ID = /\/\/[#@] debugId=([0-9a-f-]{32,36})\s*$/i;

export function positionIn(
  text: string,
  line: number,
  column: number | undefined,
): SourcePosition | undefined {
  const start = startOfLine(text, line);
  if (start === undefined) return undefined;
  const end = endOfLine(text, start);
  if (end - start > MAX_LINE) return minifiedPosition(text, line, column ?? 0);
  const offset = Math.min(column === undefined ? start : start + column - 1, end);
  const scope = end > MAX_SCAN ? undefined : enclosingFunction(text, offset);
  const spoken = lineWithWords(text, start);
  const sketch = sketchOfLine(spoken);
  const ordinal = sameLinesBefore(text, scope?.start ?? start, start);
  const mark = digest(sketch, 6) + (ordinal === 0 ? '' : `.${ordinal + 1}`);
  return { function: scope?.name, mark, line: spoken.trim() };
}

/** Name of the innermost named function around a place; `undefined` when it cannot be told. */
export function functionAt(text: string, line: number, column: number | undefined): string | undefined {
  const start = startOfLine(text, line);
  if (start === undefined || start > MAX_SCAN || endOfLine(text, start) - start > MAX_LINE) return undefined;
  return enclosingFunction(text, start + (column ?? 1) - 1).name;
}

/** Honest for one build only: which build (debug id, else a hash of the file) and where in it. */
function minifiedPosition(text: string, line: number, column: number): SourcePosition {
  const id = DEBUG_ID.exec(text.slice(-256))?.[1] ?? digest(text.slice(0, MAX_SCAN), 12);
  return { function: undefined, mark: `${id}:${line}:${column}`, line: '(minified)' };
}

function startOfLine(text: string, line: number): number | undefined {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  return line < 1 ? undefined : start;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

// A place on a lone bracket belongs to the statement above it.
function lineWithWords(text: string, start: number): string {
  let from = start;
  for (let climbed = 0; climbed < LINES_UP; climbed++) {
    const line = text.slice(from, endOfLine(text, from));
    if (/[\p{ID_Continue}$]/u.test(line) || from === 0) return line;
    from = text.lastIndexOf('\n', from - 2) + 1;
  }
  return text.slice(start, endOfLine(text, start));
}

function sameLinesBefore(text: string, from: number, lineStart: number): number {
  const wanted = text.slice(lineStart, endOfLine(text, lineStart)).trim();
  if (wanted === '') return 0;
  let count = 0;
  let probes = MAX_PROBES;
  for (let at = text.indexOf(wanted, from); at >= 0 && at < lineStart && probes > 0; probes--) {
    const line = text.slice(text.lastIndexOf('\n', at) + 1, endOfLine(text, at)).trim();
    if (line === wanted) count++;
    at = text.indexOf(wanted, at + wanted.length);
  }
  return count;
}
