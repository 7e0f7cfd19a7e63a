/** The statement around a place in a source text, and the function it stands in. */
import { beginsAnew, enclosing } from './scopes.ts';
import { turn } from './sketch.ts';
import type { Token } from './tokens.ts';
import { readerOf } from './tokens.ts';

export interface Statement {
  /** Innermost named function around the place; `undefined` when the text is too large to look. */
  readonly name: string | undefined;
  /** Where the parameters and the body of that function begin in the text; 0 outside any. */
  readonly head: number;
  readonly body: number;
  /** Of the statement; it ends before a body that is opened behind the place. */
  readonly tokens: readonly Token[];
}

/** So much text is followed bracket by bracket, a few milliseconds' worth in a program that may be dying. */
const MAX_SCAN = 1 << 16;
/** Beyond this it pays to begin at a declaration at the start of a line instead of at the start of the file. */
const SHORT = 1 << 15;
/** A statement that began further above is data. */
const MAX_STATEMENT = 1 << 13;
const MAX_TOKENS = 80;
const DECLARATIONS = ['function ', 'async function ', 'class ', 'export ', 'const ', 'var '];
const BODY_AFTER = /^(?:\)|=>|else|try|do|finally)$/;

/** `line` is where the line of the place begins. */
export function readStatement(text: string, line: number, offset: number): Statement {
  const start = offset < SHORT ? 0 : declarationBefore(text, offset);
  const isNear = offset - start <= MAX_SCAN;
  const reader = readerOf(text, isNear ? start : line);
  const { tokens } = reader;
  let token = reader.next();
  // The place may be a closing bracket itself, and that still belongs to what it closes.
  while (token && (token.start < offset || (token.start === offset && turn(token.text) >= 0))) {
    reader.take(token);
    token = reader.next();
  }
  const { name, head, body, statement } = enclosing(reader);
  const isFar = offset - (tokens[statement]?.start ?? offset) > MAX_STATEMENT;
  const first = isFar ? tokens.findIndex((known) => known.start >= line) : statement;
  let depth = tokens.slice(first).reduce((sum, known) => sum + turn(known.text), 0);
  while (token && (token.start <= offset || !ends(token, tokens.slice(first), depth))) {
    depth += turn(token.text);
    reader.take(token);
    token = reader.next();
  }
  const startOf = (at: number): number => tokens[at]?.start ?? 0;
  const known = { head: startOf(head), body: startOf(body), tokens: tokens.slice(first) };
  return { ...known, name: isNear ? name : undefined };
}

function ends({ text, start, newline }: Token, own: readonly Token[], depth: number): boolean {
  const before = own.at(-1);
  if (!before) return false;
  if (own.length >= MAX_TOKENS || start - before.end > MAX_STATEMENT) return true;
  if (text === '{' && BODY_AFTER.test(before.text)) return true;
  if (depth > 0) return false;
  return /^[;,)\]}]$/.test(text) || (newline && beginsAnew(text, before.text));
}

function declarationBefore(text: string, offset: number): number {
  return Math.max(0, ...DECLARATIONS.map((word) => text.lastIndexOf(`\n${word}`, offset)));
}
