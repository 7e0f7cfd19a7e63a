/**
 * A light reader of JavaScript and TypeScript: enough to know which brackets are code and which are text. It never
 * fails; what it misreads (odd JSX, a regular expression after a bracket) costs at most a function's name.
 */

import { words } from '../total.ts';

export interface Token {
  /** As written; of a string `"` and its content, whatever its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** It begins a line. */
  readonly newline: boolean;
  /** Of a closing bracket: index of the token that opened it. */
  readonly mate?: number | undefined;
}

export interface Reader {
  /** All tokens taken so far. */
  readonly tokens: Token[];
  /** Indexes of the brackets among them that are still open. */
  readonly open: number[];
  /** The token that comes next; `undefined` at the end of the text. */
  next(): Token | undefined;
  take(token: Token): void;
}

/** A name, a number or a string; beyond ASCII everything counts as a letter, which is right nearly always. */
export const OPERAND: RegExp = /^["\w$#\xa1-\uffff]/;

const BLANK = /(?:\s+|\/\/.*|\/\*[\s\S]*?(?:\*\/|$))*/y;
// A quote that its line does not close opens no string; nor can an escaped one behind it, so this stays linear.
const TOKEN =
  /\d[\w.]*|[\w$#\xa1-\uffff]+|(["'])(?:(?!\1)[^\\\n]|\\[\s\S])*\1|=>|[-+*%&|^=!<>?]{0,2}=|&&|\|\||\?[.?]|\\?[\s\S]/y;
const TEMPLATE = /(?:[^`\\$]+|\\[\s\S]?|\$(?!\{))*(?:`|\$\{|$)/y;
const LINE = /.*/y;
const PATTERN = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
// After these words a slash begins a pattern; after any other operand, and after what closes one, it divides. `<`
// before a slash is the end of a JSX element far more often than a comparison with a pattern.
const BEFORE_PATTERN =
  /^(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|[^"\w$#\xa1-\uffff)\]}<].*|)$/;
const OPENERS = words('( [ {');
const OPENER: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Reads a text from a place on. */
export function readerOf(text: string, from: number): Reader {
  const tokens: Token[] = [];
  const open: number[] = [];
  const textAt = (index = -1) => tokens[index]?.text ?? '';
  let noPatternBefore = 0;

  /** A `}` right here goes on with a template literal. */
  function resumesAt(start: number): boolean {
    if (text[start] !== '}') return false;
    // What a brace closes was open inside of it.
    while ('(['.includes(textAt(open.at(-1)) || '-')) open.pop();
    return textAt(open.at(-1))[0] === '"';
  }

  function endOfToken(start: number, resumes: boolean): number {
    if (resumes || text[start] === '`') return endOf(TEMPLATE, text, start + 1);
    const maybePattern = text[start] === '/' && start >= noPatternBefore;
    if (maybePattern && BEFORE_PATTERN.test(textAt(tokens.length - 1))) {
      const end = endOf(PATTERN, text, start);
      if (end > start) return end;
      noPatternBefore = endOf(LINE, text, start);
    }
    return endOf(TOKEN, text, start);
  }

  function next(): Token | undefined {
    const before = tokens.at(-1)?.end ?? from;
    const start = endOf(BLANK, text, before);
    const char = text[start];
    if (char === undefined) return undefined;
    const resumes = resumesAt(start);
    const end = endOfToken(start, resumes);
    const newline = start > before && text.slice(before, start).includes('\n');
    const written = text.slice(start, end);
    // A quote that opens no string stands alone.
    const isText = resumes || ('"\'`'.includes(char) && end > start + 1);
    return { text: isText ? `"${written.replace(/^.|["'`]$|\$\{$/g, '')}` : written, start, end, newline };
  }

  function take(token: Token): void {
    const { text: taken, start, end } = token;
    const last = textAt(open.at(-1));
    const closes = last && (last[0] === '"' ? text[start] === '}' : OPENER[taken] === last);
    tokens.push(closes ? { ...token, mate: open.pop() } : token);
    const interpolates = taken[0] === '"' && text.slice(end - 2, end) === '${';
    if (interpolates || OPENERS.has(taken)) open.push(tokens.length - 1);
  }

  return { tokens, open, next, take };
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
