/**
 * A light scanner for JavaScript and TypeScript: enough to know which brackets are code and which are text. It
 * never fails; what it misreads (odd JSX, a regular expression after a bracket) costs at most a function's name.
 */

export type TokenKind = 'word' | 'punctuation' | 'string' | 'number' | 'pattern';

/** Called for each token with its place in the text; answers `false` to stop. */
export type TokenVisitor = (kind: TokenKind, start: number, end: number, afterNewline: boolean) => boolean;

// After these words a slash begins a pattern; after any other word it divides.
const BEFORE_PATTERN = new Set(
  'return typeof case in of delete void throw new else do await yield'.split(' '),
);
const NUMBER = /\.?\d[\w.]*/y;
const PATTERN = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const OPERATOR = /=>|===|!==|==|!=|<=|>=|\?\.|\?\?=?|&&=?|\|\|=?|\.\.\.|\+\+|--|\*\*|[-+*%&|^]=/y;
const BEGINS_OPERATOR = '=!<>?&|.+-*%^';

export function scanTokens(text: string, visit: TokenVisitor): void {
  const state: ScanState = { templates: [], patternMayFollow: true, noPatternBefore: 0, noStringBefore: 0 };
  for (let at = 0; at < text.length; ) {
    const start = skipBlanks(text, at);
    if (start >= text.length) return;
    const [kind, end] = nextToken(text, start, state);
    if (!visit(kind, start, end, at === 0 || (start > at && text.slice(at, start).includes('\n')))) return;
    state.patternMayFollow = opensPattern(kind, text, start, end);
    at = end;
  }
}

interface ScanState {
  /** For every template literal that is open: how many braces are open inside its `${`. */
  readonly templates: number[];
  patternMayFollow: boolean;
  /** A pattern that did not close on its line is none, and neither is a later one there: keeps the scan linear. */
  noPatternBefore: number;
  /** The same for quotes: an apostrophe in the text of a JSX element opens no string. */
  noStringBefore: number;
}

function nextToken(text: string, at: number, state: ScanState): [TokenKind, number] {
  const char = text[at] ?? '';
  const string = char === '"' || char === "'" ? stringEnd(text, at, char, state) : at;
  if (string > at) return ['string', string];
  if (char === '`') return ['string', templateEnd(text, at + 1, state.templates)];
  if (char >= '0' && char <= '9') return ['number', matchEnd(NUMBER, text, at)];
  const word = wordEnd(text, at);
  if (word > at) return ['word', word];
  const pattern = char === '/' ? patternEnd(text, at, state) : at;
  if (pattern > at) return ['pattern', pattern];
  const resumed = closesInterpolation(char, state.templates);
  if (resumed) return ['string', templateEnd(text, at + 1, state.templates)];
  return ['punctuation', operatorEnd(text, at, char)];
}

function patternEnd(text: string, at: number, state: ScanState): number {
  if (!state.patternMayFollow || at < state.noPatternBefore) return at;
  const end = matchEnd(PATTERN, text, at);
  if (end === at) state.noPatternBefore = lineEnd(text, at);
  return end;
}

function closesInterpolation(char: string, templates: number[]): boolean {
  const open = templates.at(-1);
  if (open === undefined || (char !== '{' && char !== '}')) return false;
  if (char === '}' && open === 0) {
    templates.pop();
    return true;
  }
  templates[templates.length - 1] = open + (char === '{' ? 1 : -1);
  return false;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 0xa0 || code === 0xfeff) at++;
    else if (code === 47 && text[at + 1] === '/') at = lineEnd(text, at);
    else if (code === 47 && text[at + 1] === '*') at = commentEnd(text, at);
    else return at;
  }
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function commentEnd(text: string, at: number): number {
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

function opensPattern(kind: TokenKind, text: string, start: number, end: number): boolean {
  if (kind === 'word') return BEFORE_PATTERN.has(text.slice(start, end));
  // `<` before a slash is the end of a JSX element far more often than a comparison with a pattern.
  return kind === 'punctuation' && !')]}<'.includes(text[end - 1] ?? '');
}

function stringEnd(text: string, start: number, quote: string, state: ScanState): number {
  if (start < state.noStringBefore) return start;
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  state.noStringBefore = lineEnd(text, start);
  return start;
}

/** End of a template's text: after its closing quote, or after the `${` that interrupts it. */
function templateEnd(text: string, start: number, templates: number[]): number {
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '`') return at + 1;
    else if (char === '$' && text[at + 1] === '{') {
      templates.push(0);
      return at + 2;
    }
  }
  return text.length;
}

function operatorEnd(text: string, at: number, char: string): number {
  const end = BEGINS_OPERATOR.includes(char) ? matchEnd(OPERATOR, text, at) : at;
  return Math.max(end, at + 1);
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (isWordCode(text.charCodeAt(at))) at++;
  return at;
}

/** Letters, digits, `$`, `_`, `#`; beyond ASCII everything counts as a letter, which is right nearly always. */
function isWordCode(code: number): boolean {
  if (code >= 97) return code <= 122 || code > 0xa0;
  if (code >= 65) return code <= 90 || code === 95;
  return code >= 48 ? code <= 57 : code === 36 || code === 35;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
