import {
  BLANK,
  charAt,
  classesOf,
  codeAt,
  is,
  LETTER,
  LINE_END,
  QUOTE,
  SPACE,
  skip,
  VALUE_END,
  WORD,
} from './character.ts';
import { markerEnd } from './marker.ts';

/** The stretch of text that is the value of a key. */
export interface Value {
  readonly start: number;
  readonly end: number;
  /** How it was written; a quoted value is meant as data, a bare one may be prose or code. */
  readonly quoted: boolean;
}

const BACKSLASH = 92;
const NEXT_KEY_LIMIT = 48;

/**
 * A quoted value that opens at `at`, behind `escapes` backslashes: text that was put into JSON again and again. Without
 * its closing quote on the same line it reaches to the end of that line.
 */
export function quotedValue(text: string, at: number, escapes: number): Value {
  const quote = codeAt(text, at + escapes);
  const start = at + escapes + 1;
  let run = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = codeAt(text, index);
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
  return { start, end: text.length, quoted: true };
}

/** A bare value: up to white space, a quote, or a delimiter that really ends it (passwords contain delimiters). */
export function bareValue(text: string, start: number): Value {
  const marker = markerEnd(text, start);
  let end = marker < 0 ? start : marker;
  while (end < text.length && !(is(text.charCodeAt(end), VALUE_END) && endsBareValue(text, end))) end += 1;
  return { start, end, quoted: false };
}

function endsBareValue(text: string, at: number): boolean {
  const code = codeAt(text, at);
  if (is(code, SPACE | QUOTE)) return true;
  switch (code) {
    case 60: // <
    case 62: // >
      return true;
    case BACKSLASH:
      return is(codeAt(text, at + 1), QUOTE);
    case 38: // &
    case 44: // ,
    case 59: // ;
      return endsThere(text, at + 1) || nextKeyFollows(text, at + 1);
    case 41: // )
    case 93: // ]
    case 125: // }
      return endsThere(text, at + 1) || ',;:.)]}'.includes(charAt(text, at + 1));
    default:
      return false;
  }
}

function endsThere(text: string, at: number): boolean {
  return at >= text.length || is(codeAt(text, at), SPACE | QUOTE) || codeAt(text, at) === BACKSLASH;
}

function nextKeyFollows(text: string, at: number): boolean {
  const limit = at + NEXT_KEY_LIMIT;
  let end = at;
  while (end < limit && (is(codeAt(text, end), WORD) || '-.$%'.includes(charAt(text, end)))) end += 1;
  return end > at && (codeAt(text, end) === 61 || codeAt(text, end) === 58);
}

/** Everything up to the end of the line, a line end written as an escape, or the given closing quote. */
export function lineValue(text: string, start: number, closing: number): Value {
  let end = start;
  while (end < text.length) {
    const code = codeAt(text, end);
    if (code === closing || is(code, LINE_END)) break;
    if (code === BACKSLASH) {
      const next = codeAt(text, end + 1);
      if (next === 114 || next === 110 || next === closing) break;
    }
    end += 1;
  }
  while (end > start && is(codeAt(text, end - 1), BLANK)) end -= 1;
  return { start, end, quoted: false };
}

/** After a scheme word (`Bearer x`, `Basic x`) the value goes on with the next word. */
export function withSchemeWord(text: string, value: Value): Value {
  const length = value.end - value.start;
  if (value.quoted || length < 5 || length > 16 || !is(codeAt(text, value.end), BLANK)) return value;
  if (skip(text, value.start, LETTER, value.end) < value.end) return value;
  const word = text.slice(value.start, value.end).toLowerCase();
  if (!SCHEMES.has(word)) return value;
  const next = skip(text, value.end, BLANK, value.end + 4);
  return { ...bareValue(text, next), start: value.start };
}

const SCHEMES: ReadonlySet<string> = new Set(['bearer', 'basic', 'digest', 'token', 'negotiate', 'apikey']);

/** Count of backslashes at `at` that stand in front of a quote; -1 when no quote opens there. */
export function quoteOpens(text: string, at: number): number {
  let escapes = 0;
  while (escapes < 15 && codeAt(text, at + escapes) === BACKSLASH) escapes += 1;
  return (classesOf(codeAt(text, at + escapes)) & QUOTE) !== 0 ? escapes : -1;
}
