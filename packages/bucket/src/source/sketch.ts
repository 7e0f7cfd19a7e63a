/**
 * A statement reduced to what every build of it has in common: its names and literals, in order. Compilers change
 * its line breaks, brackets and quotes, lose its types, and call imports by other names; those are left out.
 */
import type { TokenKind } from './tokens.ts';
import { scanTokens } from './tokens.ts';

export interface Statement {
  readonly text: string;
  readonly sketch: string;
}

const DROPPED = new Set('const let var export default async await return'.split(' '));
/** `price_1.total`, `import_price.total`, `exports.total`: the holder is the module format's. */
const FORMAT_HOLDER = /^(?:exports|module|import_\w+|\w+_\d+|\w+__WEBPACK_\w+|__\w+)$/;
const JOINS_LINES = new Set(['in', 'instanceof', 'as', 'satisfies']);
const BODY_AFTER = new Set([')', '=>', 'else', 'try', 'do', 'finally']);
const MAX_TOKENS = 80;
const MAX_TEXT = 4096;

/** The statement that starts at `from` and holds `offset`; it ends before a body opened behind `offset`. */
export function sketchOfStatement(
  text: string,
  from: number,
  offset: number,
  imports: ReadonlySet<string>,
): Statement {
  const tokens: string[] = [];
  const part = text.slice(from, Math.max(offset, from) + MAX_TEXT);
  let depth = 0;
  let end = 0;
  scanTokens(part, (kind, start, tokenEnd, afterNewline) => {
    const token = part.slice(start, tokenEnd);
    const passed = from + start > offset;
    if (passed && ends(token, kind, depth, tokens.at(-1), afterNewline)) return false;
    depth += kind === 'punctuation' ? turn(token) : 0;
    tokens.push(kind === 'string' ? `"${token.replace(/^["'`}]|["'`]$|\$\{$/g, '')}` : token);
    end = tokenEnd;
    return !passed || tokens.length < MAX_TOKENS;
  });
  const kept = withoutTypes(tokens.slice(-MAX_TOKENS)).filter((token, at, all) =>
    isKept(token, all[at - 1], all[at + 1], imports),
  );
  return { text: part.slice(0, end).trim(), sketch: kept.join(' ') };
}

function ends(
  token: string,
  kind: TokenKind,
  depth: number,
  before: string | undefined,
  afterNewline: boolean,
): boolean {
  if (token === '{' && before !== undefined && BODY_AFTER.has(before)) return true;
  if (depth > 0 || before === undefined) return false;
  if (kind === 'punctuation') return ';,)]}'.includes(token);
  const finished = /^["\p{ID_Continue}$)\]}]/u.test(before);
  return afterNewline && finished && !JOINS_LINES.has(token);
}

function turn(token: string): number {
  if (token === '(' || token === '[' || token === '{') return 1;
  return token === ')' || token === ']' || token === '}' ? -1 : 0;
}

function isKept(
  token: string,
  before: string | undefined,
  after: string | undefined,
  imports: ReadonlySet<string>,
): boolean {
  if (!/^["\p{ID_Continue}$#]/u.test(token) || DROPPED.has(token)) return false;
  // `(0, price_1.total)(…)` is how compilers call an import without a receiver.
  if (token === '0' && before === '(' && after === ',') return false;
  if (before !== '.' && imports.has(token)) return false;
  return !(after === '.' && FORMAT_HOLDER.test(token));
}

/** Without type annotations (`const a: B`, `(a: B) =>`), assertions (`a as B`) and type arguments (`f<B>()`). */
function withoutTypes(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  let ternary = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    ternary ||= token === '?';
    if (token === ':' && !ternary && annotates(tokens, at)) at = typeEnd(tokens, at + 1, '=,);') - 1;
    else if ((token === 'as' || token === 'satisfies') && isOperand(tokens[at - 1])) {
      at = typeEnd(tokens, at + 1, '=,);.?:]}') - 1;
    } else if (token === '<' && isTypeArguments(tokens, at)) at = tokens.indexOf('>', at);
    else kept.push(token);
  }
  return kept;
}

// In an object a colon follows a name too, but there a brace or comma stands before that name.
function annotates(tokens: readonly string[], colon: number): boolean {
  const holder = tokens[colon - 2] ?? '';
  if (holder === 'const' || holder === 'let' || holder === 'var' || holder === '(') return true;
  return tokens[colon - 1] === ')';
}

function typeEnd(tokens: readonly string[], from: number, stops: string): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (depth === 0 && token.length === 1 && stops.includes(token)) return at;
    depth += token === '<' ? 1 : token === '>' ? -1 : turn(token);
    if (depth < 0) return at;
  }
  return tokens.length;
}

function isTypeArguments(tokens: readonly string[], at: number): boolean {
  const end = tokens.indexOf('>', at);
  if (end < 0 || end - at > 12 || tokens[end + 1] !== '(' || !isOperand(tokens[at - 1])) return false;
  return tokens.slice(at + 1, end).every((token) => /^[\p{ID_Continue}$.,[\]|&<]+$/u.test(token));
}

function isOperand(token: string | undefined): boolean {
  return token !== undefined && /^[\p{ID_Continue}$)\]]/u.test(token);
}
