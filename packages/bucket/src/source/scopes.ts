/** Which named function and which statement enclose a place in a source text: what its open brackets tell. */
import { words } from '../total.ts';
import type { Reader, Token } from './tokens.ts';
import { OPERAND } from './tokens.ts';

export interface Enclosing {
  /** `Class.method` or the function's name; empty outside any named function. */
  readonly name: string;
  /** Token that opens the parameters of that function; -1 outside any, and where they have no brackets. */
  readonly head: number;
  /** Token that opens the body of that function; -1 outside any. */
  readonly body: number;
  /** First token of the statement, or of the body of a braceless arrow function, that the place lies in. */
  readonly statement: number;
}

interface Scope {
  readonly at: number;
  readonly name: string;
  readonly head?: number;
  readonly isClass?: boolean;
}

const CONTROL = words('if for while switch catch with return typeof await throw new in of');
const STATEMENT = words('const let var function class export import if for while switch try return throw do');
/** Words and marks before a brace that make it an object, not a block. */
const BEFORE_OBJECT = words('( , = : [ ? && || ?? return typeof case default yield await throw as');
/** Words that at the start of a line carry on what the line before began. */
const JOINS_LINES = words('in instanceof as satisfies extends implements');
/** What may be the end of an expression. */
export const ENDS: RegExp = /^(?:["\w$#)\]}\xa1-\uffff]|\/.)/;
const NAME = /^[a-z_$#\xa1-\uffff]/i;
const IN_TYPE = /^(?:[.<>|&[\],?)}\w$#\xa1-\uffff]|=>)/;
const IN_CLASS_HEAD = /^(?!class$)[.<>|&[\],?\w$#)\xa1-\uffff]/;
const IN_DECLARATION = /^(?!(?:const|let|var|=)$)[^;,()[{]/;
const MAX_TYPE = 40;

/** Goes from the innermost open bracket outwards; each stretch between two of them is read once, from its end. */
export function enclosing({ tokens, open }: Pick<Reader, 'tokens' | 'open'>): Enclosing {
  const scopes: Scope[] = [];
  let statement: number | undefined;
  let end = tokens.length;
  for (const level of [-1, ...open].reverse()) {
    const { arrows, begin } = stretch(tokens, level, end);
    if (arrows[0] !== undefined) statement ??= arrows[0] + 1;
    if (isBody(tokens, level)) statement ??= begin;
    scopes.push(...arrows.map((at) => arrowScope(tokens, at)), ...scopeOf(tokens, level));
    end = level;
  }
  const at = scopes.findIndex(({ name, isClass }) => name && !isClass);
  const { name, head = -1, at: body } = scopes[at] ?? { name: '', at: -1 };
  const owner = scopes[at + 1];
  const known = { head, body, statement: statement ?? 0 };
  if (at < 0 || !owner?.isClass || !owner.name) return { ...known, name };
  return { ...known, name: name === 'constructor' ? owner.name : `${owner.name}.${name}` };
}

/** Arrow functions without braces that are open at the end, innermost first, and the last statement's first token. */
function stretch(tokens: readonly Token[], level: number, end: number): { arrows: number[]; begin: number } {
  const arrows: number[] = [];
  let open = true;
  for (let at = end - 1; at > level; at--) {
    const text = textAt(tokens, at);
    const { mate = at } = tokens[at] ?? {};
    if (text === ';' || (text === '}' && isBody(tokens, mate) && isBody(tokens, level))) {
      return { arrows, begin: at + 1 };
    }
    if (beginsStatement(tokens, at)) return { arrows, begin: at };
    open &&= text !== ',' && !STATEMENT.has(text);
    if (open && text === '=>' && textAt(tokens, at + 1) !== '{') arrows.push(at);
    at = mate;
  }
  return { arrows, begin: level + 1 };
}

function beginsStatement(tokens: readonly Token[], at: number): boolean {
  const text = textAt(tokens, at);
  const before = textAt(tokens, at - 1);
  if (STATEMENT.has(text) && (before === ')' || before === 'else')) return true;
  if (OPERAND.test(text) && (before === 'else' || closesCondition(tokens, at - 1))) return true;
  return tokens[at]?.newline === true && beginsAnew(text, before);
}

// `if (…) total += 1`: compilers put the statement on a line of its own.
function closesCondition(tokens: readonly Token[], at: number): boolean {
  const head = tokens[at]?.mate ?? 0;
  return textAt(tokens, at) === ')' && /^(?:if|for|while)$/.test(textAt(tokens, head - 1));
}

/** Whether a word or literal that begins a line begins a statement as well. */
export function beginsAnew(text: string, before: string): boolean {
  return OPERAND.test(text) && ENDS.test(before) && !JOINS_LINES.has(text);
}

function isBody(tokens: readonly Token[], level: number): boolean {
  return level < 0 || (textAt(tokens, level) === '{' && !BEFORE_OBJECT.has(textAt(tokens, level - 1)));
}

/** The function or class whose body a brace opens. */
function scopeOf(tokens: readonly Token[], at: number): Scope[] {
  if (textAt(tokens, at) !== '{') return [];
  if (textAt(tokens, at - 1) === '=>') return [{ ...arrowScope(tokens, at - 1), at }];
  const word = skipBack(tokens, at - 1, IN_CLASS_HEAD);
  if (textAt(tokens, word) === 'class') {
    const own = textAt(tokens, word + 1);
    return [
      { at, name: assignedName(tokens, word) || (/^(?:extends|{)$/.test(own) ? '' : own), isClass: true },
    ];
  }
  const head = headBefore(tokens, at);
  const name = headName(tokens, head);
  return name === undefined ? [] : [{ at, name, head }];
}

function arrowScope(tokens: readonly Token[], at: number): Scope {
  const head = headBefore(tokens, at);
  if (head >= 0) return { at, head, name: headName(tokens, head) ?? '' };
  return { at, name: NAME.test(textAt(tokens, at - 1)) ? assignedName(tokens, at - 1) : '' };
}

/** The bracket that opens the parameters before a body or an arrow; a return type may stand between. */
function headBefore(tokens: readonly Token[], at: number): number {
  const close = at - 1;
  if (textAt(tokens, close) === ')') return tokens[close]?.mate ?? -1;
  const colon = skipBack(tokens, close, IN_TYPE, MAX_TYPE);
  const isTyped = colon < close && textAt(tokens, colon) === ':' && textAt(tokens, colon - 1) === ')';
  return (isTyped ? tokens[colon - 1]?.mate : undefined) ?? -1;
}

function skipBack(tokens: readonly Token[], from: number, over: RegExp, most = tokens.length): number {
  let at = from;
  for (let left = most; left > 0 && at >= 0 && over.test(textAt(tokens, at)); left--) {
    at = (tokens[at]?.mate ?? at) - 1;
  }
  return at;
}

/** What a function with parameters in this bracket is called; `undefined` for `if (…)` and its like. */
function headName(tokens: readonly Token[], bracket: number): string | undefined {
  const before = textAt(tokens, bracket - 1);
  const further = textAt(tokens, bracket - 2);
  if (bracket < 0 || CONTROL.has(before)) return undefined;
  if (before === 'function') return assignedName(tokens, bracket - 1);
  if (before === '*') return assignedName(tokens, bracket - 2);
  if (before === '>') return genericName(tokens, bracket);
  if (!NAME.test(before) || before === 'async') return assignedName(tokens, bracket);
  return further === 'get' || further === 'set' ? `${further} ${before}` : before;
}

// `f<T>(…)`, `= <T>(…)`
function genericName(tokens: readonly Token[], bracket: number): string {
  let at = bracket;
  while (at > bracket - MAX_TYPE && textAt(tokens, at) !== '<') at--;
  const name = textAt(tokens, at - 1);
  return NAME.test(name) ? name : assignedName(tokens, at);
}

/** The name under which a value that begins here is kept: of its variable or its property. */
function assignedName(tokens: readonly Token[], at: number): string {
  const sign = textAt(tokens, at - 1) === 'async' ? at - 2 : at - 1;
  const mark = textAt(tokens, sign);
  if (mark !== '=' && mark !== ':') return '';
  const declared = mark === '=' ? skipBack(tokens, sign - 1, IN_DECLARATION) : -1;
  if (/^(?:const|let|var)$/.test(textAt(tokens, declared))) return textAt(tokens, declared + 1);
  const name = textAt(tokens, sign - 1);
  return NAME.test(name) ? name : '';
}

function textAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text ?? '';
}
