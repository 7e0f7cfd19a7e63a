/**
 * What a character is to the detectors: one table look-up instead of a chain of comparisons, because the
 * scanner asks this for every character of the text. Characters above ASCII belong to no class here.
 */

export const DIGIT = 1;
export const UPPER = 2;
export const LOWER = 4;
export const UNDERSCORE = 8;
export const DASH = 16;
export const DOT = 32;
/** Space and tab: what may stand between a key, its separator and its value. */
export const BLANK = 64;
/** `+` and `/`: what base64 has beside letters and digits. */
export const BASE64_SIGN = 128;
/** `"`, `'` and the backtick. */
export const QUOTE = 256;
/** Line feed and carriage return. */
export const LINE_END = 512;
export const HEX = 1024;
export const COLON_SIGN = 2048;
/** `=`, at the end of base64. */
export const PADDING = 4096;

/** Ends a URL wherever one is written: white space, quotes, angle brackets, braces, backslash. */
export const URL_END = 8192;
/** May end a bare value: the ends of a URL and the delimiters of lists, queries and calls. */
export const VALUE_END = 16384;

export const LETTER: number = UPPER | LOWER;
export const ALNUM: number = LETTER | DIGIT;
export const WORD: number = ALNUM | UNDERSCORE;
export const SPACE: number = BLANK | LINE_END;

const TABLE: Uint16Array = buildTable();

function mark(table: Uint16Array, characters: string, flag: number): void {
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    table[code] = (table[code] ?? 0) | flag;
  }
}

function buildTable(): Uint16Array {
  const table = new Uint16Array(128);
  mark(table, '0123456789', DIGIT | HEX);
  mark(table, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', UPPER);
  mark(table, 'abcdefghijklmnopqrstuvwxyz', LOWER);
  mark(table, 'abcdefABCDEF', HEX);
  mark(table, ':', COLON_SIGN);
  mark(table, '_', UNDERSCORE);
  mark(table, '-', DASH);
  mark(table, '.', DOT);
  mark(table, ' \t', BLANK);
  mark(table, '+/', BASE64_SIGN);
  mark(table, '=', PADDING);
  mark(table, '"\'`', QUOTE);
  mark(table, '\n\r', LINE_END);
  mark(table, ' \t\n\r"`<>\\{}', URL_END);
  mark(table, ' \t\n\r"\'`<>\\&,;)]}', VALUE_END);
  return table;
}

/**
 * The character at `at`; a line feed outside the text. Detectors read through this and never past the end, where
 * `charCodeAt` gives NaN and slows down every later call.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 10;
}

/** The same as a text of one character. */
export function charAt(text: string, at: number): string {
  return String.fromCharCode(codeAt(text, at));
}

/** True when the character has one of the wanted classes. */
export function is(code: number, classes: number): boolean {
  return code < 128 && ((TABLE[code] ?? 0) & classes) !== 0;
}

/** The classes of one character, 0 above ASCII. */
export function classesOf(code: number): number {
  return code < 128 ? (TABLE[code] ?? 0) : 0;
}

/** The first position at or after `from`, and before `limit`, whose character has none of the classes. */
export function skip(text: string, from: number, classes: number, limit: number): number {
  let at = from;
  const end = Math.min(limit, text.length);
  while (at < end && is(text.charCodeAt(at), classes)) at += 1;
  return at;
}

/** Letters of other alphabets; not the blanks, dashes and quotes that Unicode keeps at 0x2000. */
export function isForeignLetter(code: number): boolean {
  return (code >= 0xc0 && code < 0x2000) || (code >= 0x3040 && code < 0xd800);
}
