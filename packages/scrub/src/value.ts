import {
  BLANK,
  COLON_SIGN,
  classesOf,
  codeAt,
  is,
  LETTER,
  LINE_END,
  NEXT_KEY,
  PADDING,
  QUOTE,
  SPACE,
  skip,
  skipAll,
  skipBack,
  spellsAnyCase,
  VALUE_END,
} from './scanning/character.ts';
import { markerEnd } from './scanning/marker.ts';

/** The stretch of text that is the value of a key. */
export interface Value {
  readonly start: number;
  readonly end: number;
  /** How it was written; a quoted value is meant as data, a bare one may be prose or code. */
  readonly quoted: boolean;
}

const BACKSLASH = 92;
const NEXT_KEY_LIMIT = 48;
/** `,;:.)]}` behind a closing bracket: the brackets are those of the text around. */
const CLOSES_TOO: readonly number[] = [44, 59, 58, 46, 41, 93, 125];

/**
 * A quoted value that opens at `at`, behind `escapes` backslashes: text that was put into JSON again and again. Without
 * its closing quote on the same line it reaches to the end of that line.
 */
export function quotedValue(codes: Uint8Array, at: number, escapes: number): Value {
  const quote = codeAt(codes, at + escapes);
  const start = at + escapes + 1;
  let run = 0;
  for (let index = start; ; index += 1) {
    const code = codeAt(codes, index);
    if (code === BACKSLASH) {
      run += 1;
      continue;
    }
    // Inside n backslashes, every level of quoting doubles them: only this remainder closes.
    if (code === quote && run % (2 * (escapes + 1)) === escapes) {
      return { start, end: index - escapes, quoted: true };
    }
    if (is(code, LINE_END)) return { start, end: index, quoted: true };
    run = 0;
  }
}

/** A bare value: up to white space, a quote, or a delimiter that really ends it (passwords contain delimiters). */
export function bareValue(codes: Uint8Array, start: number): Value {
  const marker = markerEnd(codes, start);
  let end = marker < 0 ? start : marker;
  while (!is(codeAt(codes, end), VALUE_END) || !endsBareValue(codes, end)) end += 1;
  return { start, end, quoted: false };
}

/** How far behind a value the text decided that it ends there: a delimiter ends it because of what follows. */
export function valueSees(codes: Uint8Array, end: number): number {
  const at = skipAll(codes, end, BLANK);
  switch (codeAt(codes, at)) {
    case 38: // &
    case 44: // ,
    case 59: // ;
      return skip(codes, at + 1, NEXT_KEY, at + NEXT_KEY_LIMIT + 1) + 1;
    case 41: // )
    case 93: // ]
    case 125: // }
    case BACKSLASH:
      return at + 2;
    default:
      return end;
  }
}

function endsBareValue(codes: Uint8Array, at: number): boolean {
  const code = codeAt(codes, at);
  if (is(code, SPACE | QUOTE)) return true;
  switch (code) {
    case 60: // <
    case 62: // >
      return true;
    case BACKSLASH:
      return is(codeAt(codes, at + 1), QUOTE);
    case 38: // &
    case 44: // ,
    case 59: // ;
      return endsThere(codes, at + 1) || nextKeyFollows(codes, at + 1);
    case 41: // )
    case 93: // ]
    case 125: // }
      return endsThere(codes, at + 1) || CLOSES_TOO.includes(codeAt(codes, at + 1));
    default:
      return false;
  }
}

function endsThere(codes: Uint8Array, at: number): boolean {
  const code = codeAt(codes, at);
  return is(code, SPACE | QUOTE) || code === BACKSLASH;
}

function nextKeyFollows(codes: Uint8Array, at: number): boolean {
  const end = skip(codes, at, NEXT_KEY, at + NEXT_KEY_LIMIT);
  return end > at && is(codeAt(codes, end), PADDING | COLON_SIGN);
}

/** Everything up to the end of the line, a line end written as an escape, or the given closing quote. */
export function lineValue(codes: Uint8Array, start: number, closing: number): Value {
  let end = start;
  for (;;) {
    const code = codeAt(codes, end);
    if (code === closing || is(code, LINE_END)) break;
    if (code === BACKSLASH) {
      const next = codeAt(codes, end + 1);
      if (next === 114 || next === 110 || next === closing) break;
    }
    end += 1;
  }
  return { start, end: skipBack(codes, end, BLANK, start), quoted: false };
}

/** After a scheme word (`Bearer x`, `Basic x`) the value goes on with the next word. */
export function withSchemeWord(codes: Uint8Array, value: Value): Value {
  const length = value.end - value.start;
  if (value.quoted || length < 5 || length > 16 || !is(codeAt(codes, value.end), BLANK)) return value;
  if (skip(codes, value.start, LETTER, value.end) < value.end) return value;
  if (!SCHEMES.some((word) => word.length === length && spellsAnyCase(codes, value.start, word)))
    return value;
  const next = skip(codes, value.end, BLANK, value.end + 4);
  return { ...bareValue(codes, next), start: value.start };
}

const SCHEMES: readonly string[] = ['bearer', 'basic', 'digest', 'token', 'negotiate', 'apikey'];

/** Count of backslashes at `at` that stand in front of a quote; -1 when no quote opens there. */
export function quoteOpens(codes: Uint8Array, at: number): number {
  let escapes = 0;
  while (escapes < 15 && codeAt(codes, at + escapes) === BACKSLASH) escapes += 1;
  return (classesOf(codeAt(codes, at + escapes)) & QUOTE) !== 0 ? escapes : -1;
}
