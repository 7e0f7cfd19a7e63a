/** Which named function and which statement enclose a place in a source text, found by following its brackets. */
import type { TokenKind } from './tokens.ts';
import { scanTokens } from './tokens.ts';

export interface Enclosing {
  /** `Class.method` or the function's name; empty outside any named function. */
  readonly name: string;
  /** Where the body of that function starts in the text; 0 outside any. */
  readonly start: number;
  /** Where the statement, or the body of a braceless arrow function, starts that the place lies in. */
  readonly statement: number;
}

interface Scope {
  /** The bracket that opened it; `=>` for an arrow function without braces. */
  readonly open: string;
  readonly kind: 'function' | 'class' | 'other';
  readonly name: string;
  readonly start: number;
  /** It holds statements: a body, a block, the file, or the one expression of an arrow function. */
  readonly body: boolean;
  /** For a round bracket: what a function with these parameters would be called. */
  readonly head?: Head;
}

interface Head {
  readonly name: string;
  /** `if (…)` and its like never head a function. */
  readonly control: boolean;
}

const CONTROL = new Set('if for while switch catch with return typeof await throw new in of'.split(' '));
const STATEMENT = new Set(
  'const let var function class export import if for while switch try return throw do'.split(' '),
);
/** Words and marks before a brace that make it an object, not a block. */
const BEFORE_OBJECT = new Set(
  '( , = : [ ? => && || ?? return typeof case default yield await throw as'.split(' '),
);
const JOINS_LINES = new Set(['in', 'instanceof', 'as', 'satisfies', 'extends', 'implements']);
const OPENER: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const TYPE_TOKENS = new Set(['.', '<', '>', '|', '&', '[', ']', ',', '?']);

/** Linear in `offset`; beyond it the text is not read. */
export function enclosingFunction(text: string, offset: number): Enclosing {
  const tracker = new ScopeTracker();
  scanTokens(text, (kind, start, end, afterNewline) => {
    if (start > offset) return false;
    // The place may be the closing bracket itself, and that still belongs to what it closes.
    if (start <= offset && end > offset && kind === 'punctuation' && '})]'.includes(text[start] ?? ''))
      return false;
    tracker.take(kind, text.slice(start, Math.min(end, start + 64)), start, afterNewline);
    return true;
  });
  return tracker.enclosing();
}

/**
 * The brackets open so far, and the little that must be remembered between tokens to name the next one: the word
 * a value is being assigned to, the head of a function waiting for its body, a class waiting for its own.
 */
class ScopeTracker {
  readonly #scopes: Scope[] = [];
  #previous: { kind: TokenKind; text: string } = { kind: 'punctuation', text: '' };
  #beforePrevious = '';
  /** Name that a value right here would get; kept over `async` and one parameter. */
  #assigned = '';
  #declared = '';
  #functionName: string | undefined;
  #head: Head | undefined;
  #typeTokens = -1;
  #class: string | undefined;
  #generic = '';
  /** Start of the current statement, of the file and of every open body. */
  readonly #statements: number[] = [0];

  enclosing(): Enclosing {
    return { ...this.#namedFunction(), statement: this.#statements.at(-1) ?? 0 };
  }

  #namedFunction(): { name: string; start: number } {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const scope = this.#scopes[at];
      if (scope?.kind !== 'function' || scope.name === '') continue;
      const owner = this.#scopes.slice(0, at).findLast(({ kind }) => kind !== 'other');
      const prefix = owner?.kind === 'class' && owner.name !== '' ? `${owner.name}.` : '';
      const name = scope.name === 'constructor' && prefix !== '' ? (owner?.name ?? '') : prefix + scope.name;
      return { name, start: scope.start };
    }
    return { name: '', start: 0 };
  }

  take(kind: TokenKind, token: string, start: number, afterNewline: boolean): void {
    if (kind === 'word') this.#takeWord(token, start, afterNewline);
    else if (kind === 'punctuation') this.#takePunctuation(token, start);
    else this.#forgetHead();
    this.#beforePrevious = this.#previous.text;
    this.#previous = { kind, text: token };
  }

  #takeWord(word: string, start: number, afterNewline: boolean): void {
    const begins = STATEMENT.has(word);
    const newLine = afterNewline && this.#endsExpression() && !JOINS_LINES.has(word);
    if (begins || newLine) this.#closeArrows();
    if (newLine || (begins && this.#afterCondition())) this.#beginStatement(start);
    if (this.#typeTokens >= 0) this.#typeTokens++;
    else this.#head = undefined;
    if (word === 'const' || word === 'let' || word === 'var') this.#declared = '?';
    else if (this.#declared === '?') this.#declared = word;
    if (word === 'class') this.#class = this.#assignedHere();
    else if (this.#class === '' && this.#previous.text === 'class' && word !== 'extends') this.#class = word;
    if (word === 'function') this.#functionName = this.#assignedHere();
  }

  #afterCondition(): boolean {
    return this.#previous.text === ')' || this.#previous.text === 'else';
  }

  #beginStatement(at: number): void {
    if (this.#scopes.at(-1)?.body ?? true) this.#statements[this.#statements.length - 1] = at;
  }

  #endsExpression(): boolean {
    const { kind, text } = this.#previous;
    return kind !== 'punctuation' || text === ')' || text === ']' || text === '}';
  }

  #takePunctuation(token: string, start: number): void {
    if (token === '(') this.#open(token, start, 'other', '', this.#headHere());
    else if (token === '[') this.#open(token, start, 'other', '');
    else if (token === '{') this.#openBrace(start);
    else if (token in OPENER) this.#close(token, start);
    else if (token === '=>') this.#openArrow(start);
    else if (token === '=' || token === ':') this.#assign(token);
    else if (token === ';' || token === ',') this.#closeArrows();
    if (token === ';') this.#beginStatement(start + 1);
    if (token === '<')
      this.#generic = this.#previous.kind === 'word' ? this.#previous.text : this.#assignedHere();
    if (token === ')' || token === ';' || token === ',') this.#declared = '';
    this.#followHead(token);
  }

  /** After `)` a return type may stand before the body; anything else means that no body follows. */
  #followHead(token: string): void {
    if (token === ')' || this.#head === undefined) return;
    if (token === ':' && this.#previous.text === ')') this.#typeTokens = 0;
    else if (this.#typeTokens >= 0 && TYPE_TOKENS.has(token)) this.#typeTokens++;
    else this.#forgetHead();
  }

  #forgetHead(): void {
    this.#head = undefined;
    this.#typeTokens = -1;
  }

  #assign(token: string): void {
    const { kind, text } = this.#previous;
    const declared = token === '=' && this.#declared !== '?' ? this.#declared : '';
    this.#assigned = declared || (kind === 'word' ? text : '');
    if (token === '=') this.#declared = '';
  }

  /** The name being assigned, if nothing but `async` or one parameter stands between. */
  #assignedHere(): string {
    const near = this.#previous.text;
    const isAssign = near === '=' || near === ':';
    const skipped = this.#beforePrevious === '=' || this.#beforePrevious === ':';
    return isAssign || (skipped && this.#previous.kind === 'word') ? this.#assigned : '';
  }

  #headHere(): Head {
    const { kind, text } = this.#previous;
    if (text === 'function' || this.#beforePrevious === 'function' || text === '*')
      return this.#functionHead();
    if (text === '>' && this.#generic !== '') return { name: this.#generic, control: false };
    if (kind !== 'word' || text === 'async') return { name: this.#assignedHere(), control: false };
    const accessor = this.#beforePrevious;
    const mark = accessor === 'get' || accessor === 'set' ? `${accessor} ` : '';
    const control = CONTROL.has(text);
    return { name: control ? '' : mark + text, control };
  }

  #functionHead(): Head {
    const { kind, text } = this.#previous;
    const own = kind === 'word' && text !== 'function' ? text : '';
    const name = own || (this.#functionName ?? '');
    this.#functionName = undefined;
    return { name, control: false };
  }

  #openBrace(start: number): void {
    if (this.#previous.text === '=>') {
      const arrow = this.#scopes.pop();
      this.#statements.pop();
      this.#open('{', start, 'function', arrow?.name ?? '');
    } else if (this.#class !== undefined) {
      this.#open('{', start, 'class', this.#class);
      this.#class = undefined;
    } else if (this.#head !== undefined && !this.#head.control && this.#typeTokens !== 0) {
      this.#open('{', start, 'function', this.#head.name);
    } else this.#open('{', start, 'other', '');
  }

  #openArrow(start: number): void {
    const afterHead = this.#previous.text === ')' || this.#typeTokens > 0;
    const name = afterHead ? this.#arrowHead() : this.#assignedHere();
    this.#open('=>', start, 'function', name);
  }

  // `f((x) => …)`: the head before an arrow is a call's name only if it stood right before the bracket.
  #arrowHead(): string {
    return this.#head?.name ?? '';
  }

  #open(open: string, start: number, kind: Scope['kind'], name: string, head?: Head): void {
    const isObject = open === '{' && kind === 'other' && BEFORE_OBJECT.has(this.#previous.text);
    const body = !isObject && open !== '(' && open !== '[';
    if (body) this.#statements.push(start + open.length);
    this.#scopes.push({ open, kind, name, start, body, ...(head && { head }) });
  }

  #close(token: string, start: number): void {
    this.#closeArrows();
    const opener = OPENER[token];
    const at = this.#scopes.findLastIndex(({ open }) => open === opener);
    if (at < 0) return;
    const closed = this.#scopes[at];
    while (this.#scopes.length > at) this.#pop();
    if (closed?.body) this.#beginStatement(start + 1);
    if (token !== ')') return;
    this.#head = closed?.head;
    this.#typeTokens = -1;
  }

  #closeArrows(): void {
    while (this.#scopes.at(-1)?.open === '=>') this.#pop();
  }

  #pop(): void {
    if (this.#scopes.pop()?.body) this.#statements.pop();
  }
}
