/**
 * What a character is to the detectors. A text is read as bytes (`sheet.ts`): ASCII as itself, what lies above as one of
 * three codes. Classes are bits in a table, one look-up instead of a chain of comparisons.
 */

/** Above ASCII: C1 controls and the no-break space. */
export const FOREIGN_CONTROL = 128;
/** Above ASCII: signs, blanks, quotes, and each half of a surrogate pair. */
export const FOREIGN_SIGN = 129;
/** Above ASCII: letters of other alphabets. */
export const FOREIGN_LETTER = 130;

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
export const URL_END: number = 1 << 13;
/** May end a bare value: the ends of a URL and the delimiters of lists, queries and calls. */
export const VALUE_END: number = 1 << 14;
/** What an e-mail address has in front of its `@`, in any alphabet. */
export const MAIL_NAME: number = 1 << 15;
/** What a host name is written with, in any alphabet. */
export const HOST: number = 1 << 16;
/** Letters of any alphabet. */
export const ANY_LETTER: number = 1 << 17;
/** What the name of a home folder is written with, and, on Windows, also blanks and other signs. */
export const FOLDER_NAME: number = 1 << 18;
export const WINDOWS_NAME: number = 1 << 19;
/** Inside a private key block: base64, line ends (also escaped), header lines, indentation and comment signs. */
export const KEY_BODY: number = 1 << 20;
/** Ends the text of an XML element: a tag, a quote, a line end. */
export const ELEMENT_END: number = 1 << 21;

/** Anything on the same line. */
export const GOES_ON: number = 1 << 22;
/** May stand in a key, around it, or between it and its separator. */
export const KEY_SIGN: number = 1 << 24;
/** In front of a version, not of an address: `name@1.2.3.4`, `^1.2.3.4`; also what runs into digits. */
export const VERSION_SIGN: number = 1 << 25;
/** Leads in a value: blanks, quotes, line feed, `:` `=` `<` `>` and what opens or divides a list. */
export const LEAD_IN: number = 1 << 26;
/** What the next key of a query or a list may be written with. */
export const NEXT_KEY: number = 1 << 23;

export const LETTER: number = UPPER | LOWER;
export const ALNUM: number = LETTER | DIGIT;
export const WORD: number = ALNUM | UNDERSCORE;
export const SPACE: number = BLANK | LINE_END;

/** What a reader sees in front of a text and behind it. */
export const LINE_FEED = 10;

const CARRIAGE_RETURN = 13;
const CLASSES: Int32Array = buildTable();

function buildTable(): Int32Array {
  const table = new Int32Array(256).fill(GOES_ON);
  table[LINE_FEED] = 0;
  table[CARRIAGE_RETURN] = 0;
  const mark = (characters: string, classes: number): void => {
    for (let index = 0; index < characters.length; index += 1) {
      const code = characters.charCodeAt(index);
      table[code] = (table[code] ?? 0) | classes;
    }
  };
  const sign = String.fromCharCode(FOREIGN_SIGN);
  const letter = String.fromCharCode(FOREIGN_LETTER);
  const alnum = VERSION_SIGN | NEXT_KEY | KEY_SIGN | MAIL_NAME | HOST | FOLDER_NAME | WINDOWS_NAME | KEY_BODY;
  mark('0123456789', DIGIT | HEX | alnum);
  mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', UPPER | ANY_LETTER | alnum);
  mark('abcdefghijklmnopqrstuvwxyz', LOWER | ANY_LETTER | alnum);
  mark('abcdefABCDEF', HEX);
  mark(':', COLON_SIGN);
  mark('_', UNDERSCORE);
  mark('_-.$%', NEXT_KEY);
  mark('_.@-^~+', VERSION_SIGN);
  mark(' \t\n"\'`:=(,;[<>', LEAD_IN);
  mark('_-. \t"\'`\\?!]', KEY_SIGN);
  mark('-', DASH);
  mark('.', DOT);
  mark(' \t', BLANK);
  mark('+/', BASE64_SIGN);
  mark('=', PADDING);
  mark('"\'`', QUOTE);
  mark('\n\r', LINE_END);
  mark(' \t\n\r"`<>\\{}', URL_END);
  mark(' \t\n\r"\'`<>\\&,;)]}', VALUE_END);
  mark(`.-_+${letter}`, MAIL_NAME);
  mark(`.-${letter}`, HOST);
  mark(letter, ANY_LETTER);
  mark(`_-.+%$${sign}${letter}`, FOLDER_NAME);
  mark(` \t-._+%$~()&@!${sign}${letter}`, WINDOWS_NAME);
  mark('+/= \t\n\r-._\\:,"\'>#*|%', KEY_BODY);
  mark('<\n"\'`', ELEMENT_END);
  return table;
}

/** The code at `at`; a line feed behind the text. `at` is never negative. */
export function codeAt(codes: Uint8Array, at: number): number {
  return codes[at] ?? LINE_FEED;
}

/** True when the character has one of the wanted classes. */
export function is(code: number, classes: number): boolean {
  return ((CLASSES[code] ?? 0) & classes) !== 0;
}

/** All classes of a character. */
export function classesOf(code: number): number {
  return CLASSES[code] ?? 0;
}

/** The first position at or after `from`, and before `limit`, whose character has none of the classes. */
export function skip(codes: Uint8Array, from: number, classes: number, limit: number): number {
  let at = from;
  while (at < limit && is(codes[at] ?? LINE_FEED, classes)) at += 1;
  return at;
}

/** As `skip` without a limit: to the end of the text, for classes without `LINE_END`. */
export function skipAll(codes: Uint8Array, from: number, classes: number): number {
  let at = from;
  while (is(codes[at] ?? LINE_FEED, classes)) at += 1;
  return at;
}

/** The same, backwards and not below `limit`: where the run begins that ends in front of `end`. */
export function skipBack(codes: Uint8Array, end: number, classes: number, limit: number): number {
  let at = end;
  while (at > limit && is(codes[at - 1] ?? LINE_FEED, classes)) at -= 1;
  return at;
}

/** True when the ASCII `word` stands at `at`, in exactly these letters. */
export function spells(codes: Uint8Array, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (codeAt(codes, at + index) !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** As `spells`, in capitals too; `word` in small letters. */
export function spellsAnyCase(codes: Uint8Array, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if ((codeAt(codes, at + index) | 32) !== word.charCodeAt(index)) return false;
  }
  return true;
}
