/** The position of a failure inside its function, told by the source text instead of by numbers. */
import { digest } from '../identity.ts';
import { namesOfImports } from './imports.ts';
import type { Enclosing } from './scopes.ts';
import { enclosingFunction } from './scopes.ts';
import { sketchOfStatement } from './sketch.ts';

export interface SourcePosition {
  /** Innermost named function around the place; `undefined` when the text is too large to look. */
  readonly function: string | undefined;
  /** Short mark of the statement, with an ordinal when the function has the same one more than once. */
  readonly mark: string;
  /** The statement itself on one line, for explanations. */
  readonly line: string;
}

/** So much text is followed bracket by bracket, a few milliseconds' worth in a program that may be dying. */
const MAX_SCAN = 1 << 17;
/** Beyond this it pays to begin at a declaration at the start of a line instead of at the start of the file. */
const SHORT = 1 << 15;
/** A statement that began further above is data. */
const MAX_STATEMENT = 1 << 13;
/** So much of both ends of a minified file is enough to tell it from others. */
const HASHED = 1 << 12;
/** A longer line was printed by a minifier, for which lines mean nothing. */
const MAX_LINE = 400;
/** A bound on the search for equal statements, for texts made to be slow. */
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
  const offset = offsetIn(text, start, end, column);
  const scope = enclosing(text, offset);
  const from = scope === undefined || offset - scope.statement > MAX_STATEMENT ? start : scope.statement;
  const statement = sketchOfStatement(text, from, offset, namesOfImports(text));
  const ordinal = sameBefore(text, scope?.start ?? from, from, statement.text);
  const mark = digest(statement.sketch, 6) + (ordinal === 0 ? '' : `.${ordinal + 1}`);
  return { function: scope?.name, mark, line: statement.text.replace(/\s+/g, ' ') };
}

/** Name of the innermost named function around a place; `undefined` when it cannot be told. */
export function functionAt(text: string, line: number, column: number | undefined): string | undefined {
  const start = startOfLine(text, line);
  if (start === undefined) return undefined;
  const end = endOfLine(text, start);
  return end - start > MAX_LINE ? undefined : enclosing(text, offsetIn(text, start, end, column))?.name;
}

const DECLARATIONS = ['function ', 'async function ', 'class ', 'export ', 'const ', 'var '];

function enclosing(text: string, offset: number): Enclosing | undefined {
  const from = offset < SHORT ? 0 : declarationBefore(text, offset);
  if (offset - from > MAX_SCAN) return undefined;
  const { name, start, statement } = enclosingFunction(text.slice(from, offset + 1), offset - from);
  return { name, start: start + from, statement: statement + from };
}

function declarationBefore(text: string, offset: number): number {
  const head = text.slice(0, offset);
  return Math.max(0, ...DECLARATIONS.map((word) => head.lastIndexOf(`\n${word}`)));
}

/** Honest for one build only: which build (debug id, else a hash of the file) and where in it. */
function minifiedPosition(text: string, line: number, column: number): SourcePosition {
  const id =
    DEBUG_ID.exec(text.slice(-256))?.[1] ??
    digest(`${text.length} ${text.slice(0, HASHED)}${text.slice(-HASHED)}`, 12);
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

/** Not before the first word of the line, so that it is known which statement the line begins. */
function offsetIn(text: string, start: number, end: number, column: number | undefined): number {
  const first = text.slice(start, end).search(/\S/);
  return Math.min(Math.max(start + (column ?? 1) - 1, start + Math.max(first, 0)), end);
}

const BEFORE_STATEMENT = /(?:^|[;{})\n]|=>|\belse)\s*$/;

/** How often the same statement stands in the function before this one. */
function sameBefore(text: string, functionStart: number, statementStart: number, statement: string): number {
  if (statement === '') return 0;
  let count = 0;
  let at = text.indexOf(statement, functionStart);
  for (let probes = MAX_PROBES; at >= 0 && at < statementStart && probes > 0; probes--) {
    if (BEFORE_STATEMENT.test(text.slice(Math.max(functionStart, at - 40), at))) count++;
    at = text.indexOf(statement, at + statement.length);
  }
  return count;
}
