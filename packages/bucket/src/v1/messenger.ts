/**
 * Functions that fail for their caller, whatever their names: the fault is where they were called.
 *
 * Some complain in their caller's words, `must(value, what)`, `fail(message)`: they do nothing but check and throw, and
 * have a parameter that serves no other end than the text of the error. A check that speaks for itself,
 * `checkTown(address)`, is a place of its own. Others only make the error, `outOfStock(item)`: every value they give
 * back is a new one.
 */
import type { Reading } from '../source/reading.ts';
import type { Token } from '../source/tokens.ts';
import { readerOf } from '../source/tokens.ts';
import { ERROR_MAKER } from './lists.ts';

/** Parameters and body of a longer function do more than complain. */
const MAX_TOKENS = 120;
const MAX_NAME = 100;
/** `invariant(value, what)` checks and throws as well. */
const ASSERTION =
  /\b[\w$]*(?:assert|invariant)\b(?: \. [\w$]+)?(?: \))? \( ((?:[^(),]|\((?:[^()]|\([^()]*\))*\))*) , /g;
const THROWS = /\bthrow (?:[^;{}]|\{[^{}]*\})*/g;
const CONDITION = /\bif \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;
/** What may be left beside checks and throws: blocks, and giving a parameter back. */
const REST = /^[{} ;]*(?:else[{} ;]*)*(?:return(?: [\w$]+)?[{} ;]*)?$/;
const KEPT_ERROR = /([\w$]+) = (?:Object \. assign \( )?new [\w$. ]{0,80}(?:Error|Exception)\b/g;
const RETURN = /\breturn (?:Object \. assign \( |\( 0 , )?(new )?([\w$]+(?: \. [\w$]+)*)?/g;
// `import_verror . default`: what a compiler left of a name
const ERROR = /(?:Error|Exception|errors? \. default)$/;
const PARAMETER = /(?:^\(|, ) ?(?:\.\.\. ?)?([\w$]+)/g;

export function failsForCaller({ text, statement }: Reading): boolean {
  if (!statement || statement.body === 0) return false;
  const { head, body, tokens } = statement;
  const isExpression = text.startsWith('=>', body);
  const code = isExpression ? `return ${printed(tokens)}` : block(text, body);
  return makesErrors(code) || complains(code, block(text, head));
}

function makesErrors(code: string): boolean {
  const kept = [...code.matchAll(KEPT_ERROR)].map(([, name]) => name);
  const given = [...code.matchAll(RETURN)];
  return (
    given.length > 0 &&
    given.every(([, isNew, name = '']) =>
      isNew ? ERROR.test(name) : kept.includes(name) || ERROR_MAKER.test(name.split(' ').at(-1) ?? ''),
    )
  );
}

function complains(body: string, head: string): boolean {
  const code = body.replace(ASSERTION, 'if ( $1 ) throw ');
  const throws = code.match(THROWS) ?? [];
  const checks = code.replace(THROWS, '');
  if (throws.length === 0 || !REST.test(checks.replace(CONDITION, ''))) return false;
  const names = [...head.matchAll(PARAMETER)].map(([, name]) => name ?? '');
  return names.some((name) => hasWord(throws.join(), name) && !hasWord(checks, name));
}

/** The tokens of a bracket and what it holds, one blank between them, without what strings say. */
function block(text: string, from: number): string {
  const reader = readerOf(text, from);
  for (let token = reader.next(); token && reader.tokens.length < MAX_TOKENS; token = reader.next()) {
    reader.take(token);
    if (reader.open.length === 0) break;
  }
  return printed(reader.tokens);
}

function printed(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => (text[0] === '"' ? '"' : text.slice(0, MAX_NAME))).join(' ');
}

function hasWord(code: string, word: string): boolean {
  return code.split(' ').includes(word);
}
