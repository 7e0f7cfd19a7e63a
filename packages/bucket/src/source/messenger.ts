/**
 * Functions that complain in their caller's words: `must(value, what)`, `fail(message)`. They do nothing but check and
 * throw, and have a parameter that serves no other end than the text of the error. Whatever their name, the fault
 * is where they were called; a check that speaks for itself, `checkTown(address)`, is a place of its own.
 */
import { placeIn } from './place.ts';
import { readStatement } from './statement.ts';
import { readerOf } from './tokens.ts';

/** Parameters and body of a longer function do more than complain. */
const MAX_TOKENS = 120;
const THROWS = /\bthrow (?:[^;{}]|\{[^{}]*\})*/g;
const CONDITION = /\bif \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;
/** What may be left beside checks and throws: blocks, and giving a parameter back. */
const REST = /^[{} ;]*(?:else[{} ;]*)*(?:return(?: [\w$]+)?[{} ;]*)?$/;
const PARAMETER = /(?:^\(|, ) ?(?:\.\.\. ?)?([\w$]+)/g;

/** `undefined` when the text has no such place. */
export function throwsForCaller(text: string, line: number, column?: number): boolean | undefined {
  const place = placeIn(text, line, column);
  if (!place || place.minified) return undefined;
  const { head, body } = readStatement(text, place.line, place.offset);
  if (body === 0) return false;
  const code = block(text, body);
  const throws = code.match(THROWS) ?? [];
  const checks = code.replace(THROWS, '');
  if (throws.length === 0 || !REST.test(checks.replace(CONDITION, ''))) return false;
  const names = [...block(text, head).matchAll(PARAMETER)].map(([, name]) => name ?? '');
  return names.some((name) => hasWord(throws.join(), name) && !hasWord(checks, name));
}

/** The tokens of a bracket and what it holds, one blank between them, without what strings say. */
function block(text: string, from: number): string {
  const reader = readerOf(text, from);
  for (let token = reader.next(); token && reader.tokens.length < MAX_TOKENS; token = reader.next()) {
    reader.take(token);
    if (reader.open.length === 0) break;
  }
  return reader.tokens.map(({ text: token }) => (token[0] === '"' ? '"' : token)).join(' ');
}

function hasWord(code: string, word: string): boolean {
  return code.split(' ').includes(word);
}
