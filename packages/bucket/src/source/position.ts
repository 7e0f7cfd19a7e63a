/** The position of a failure inside its function, told by the source text instead of by numbers. */
import { digest } from '../identity.ts';
import { importsOf } from './imports.ts';
import type { Reading } from './reading.ts';
import { sketch } from './sketch.ts';

export interface SourcePosition {
  /** Innermost named function around the place; `undefined` when the text is too large to look. */
  readonly function: string | undefined;
  /** Short mark of the statement, with an ordinal when the function has the same one more than once. */
  readonly mark: string;
  /** The statement itself on one line, for explanations. */
  readonly line: string;
}

/** So much of both ends of a minified file is enough to tell it from others. */
const HASHED = 1 << 12;
/** A bound on the search for equal statements, for texts made to be slow. */
const MAX_PROBES = 200;
/** A statement is told by so much of it. */
const MAX_TOKENS = 80;
const DEBUG_ID = /\/\/[#@] debugId=([\da-f-]{32,36})\s*$/i;
const BEFORE_STATEMENT = /(?:^|[;{})\n]|=>|\belse)\s*$/;

export function positionOf({ text, printed, place, statement: read }: Reading): SourcePosition {
  if (!read) return minifiedPosition(text, printed);
  const { name, body, tokens } = read;
  const from = tokens[0]?.start ?? place.line;
  const statement = text.slice(from, tokens.at(-1)?.end ?? from);
  const ordinal = ordinalOf(text, body, from, statement);
  const words = tokens.map((token) => token.text).slice(-MAX_TOKENS);
  const mark = digest(sketch(words, importsOf(text)), 6) + (ordinal > 1 ? `.${ordinal}` : '');
  return { function: name, mark, line: statement.replace(/\s+/g, ' ') };
}

/** Honest for one build only: which build (debug id, else a hash of the file) and where in it. */
function minifiedPosition(text: string, place: string): SourcePosition {
  const [, debugId] = DEBUG_ID.exec(text.slice(-256)) ?? [];
  const id = debugId ?? digest(`${text.length} ${text.slice(0, HASHED)}${text.slice(-HASHED)}`, 12);
  return { function: undefined, mark: `${id}:${place}`, line: '(minified)' };
}

/** The how-manieth of its kind the statement is in its function. */
function ordinalOf(text: string, functionStart: number, statementStart: number, statement: string): number {
  let ordinal = 1;
  let at = functionStart;
  for (let probes = MAX_PROBES; statement && probes; probes--) {
    at = text.indexOf(statement, at);
    if (at < 0 || at >= statementStart) break;
    if (BEFORE_STATEMENT.test(text.slice(Math.max(functionStart, at - 40), at))) ordinal++;
    at += statement.length;
  }
  return ordinal;
}
