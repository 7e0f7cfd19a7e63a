/**
 * A statement reduced to what every build of it has in common: its names and literals, in order. Compilers change
 * its line breaks, brackets and quotes, lose its types, and call imports by other names; those are left out.
 */
import { words } from '../total.ts';
import type { Imports } from './imports.ts';
import { ENDS } from './scopes.ts';
import { OPERAND } from './tokens.ts';

const DROPPED = words('const let var export default async await return');
/** `price_1.total`, `import_price.total`, `exports.total`: the holder is the module format's. */
const FORMAT_HOLDER = /^(?:exports|module|import_\w+|\w+_\d+|\w+__WEBPACK_\w+|__\w+)$/;
const IN_TYPE_ARGUMENTS = /^[\w$.,[\]|&<\xa1-\uffff]/;
const MAX_TYPE_ARGUMENTS = 12;

/** Names and literals of a statement's tokens; `imports` are those of its file. */
export function sketch(tokens: readonly string[], { modules, renamed }: Imports): string {
  const kept = withoutTypes(tokens).filter((token, at, all) => {
    const before = all[at - 1];
    const after = all[at + 1];
    if (!OPERAND.test(token) || DROPPED.has(token)) return false;
    // `(0, price_1.total)(…)` is how compilers call an import without a receiver.
    if (token === '0' && before === '(' && after === ',') return false;
    if (before !== '.' && modules.includes(token)) return false;
    return after !== '.' || !FORMAT_HOLDER.test(token);
  });
  return kept.map((token) => (/^\d/.test(token) ? asNumber(token) : (renamed.get(token) ?? token))).join(' ');
}

/** `1000` and `1_000`, where a compiler writes `1e3`. */
function asNumber(token: string): string {
  const value = Number(token.replaceAll('_', ''));
  return Number.isNaN(value) ? token : `${value}`;
}

/** How a token changes the number of open brackets. */
export function turn(token: string): number {
  return Number(/^[([{]$/.test(token)) - Number(/^[)\]}]$/.test(token));
}

/** Without type annotations (`const a: B`, `(a: B) =>`), assertions (`a as B`) and type arguments (`f<B>()`). */
function withoutTypes(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const end = behindType(tokens, at);
    if (end > at) at = end - 1;
    else kept.push(tokens[at] ?? '');
  }
  return kept;
}

/** Where it goes on behind the type that begins here; here itself when none does. */
function behindType(tokens: readonly string[], at: number): number {
  const token = tokens[at] ?? '';
  if (token === ':' && annotates(tokens, at)) return typeEnd(tokens, at + 1, '=,);');
  if (!ENDS.test(tokens[at - 1] ?? '')) return at;
  if (token === 'as' || token === 'satisfies') return typeEnd(tokens, at + 1, '=,);.?:]}');
  const end = token === '<' ? tokens.indexOf('>', at) : -1;
  const isCall = end - at <= MAX_TYPE_ARGUMENTS && tokens[end + 1] === '(';
  return isCall && tokens.slice(at + 1, end).every((part) => IN_TYPE_ARGUMENTS.test(part)) ? end + 1 : at;
}

// In an object a colon follows a name too, but there a brace or comma stands before that name.
function annotates(tokens: readonly string[], colon: number): boolean {
  const declares = /^(?:const|let|var|\()$/.test(tokens[colon - 2] ?? '') || tokens[colon - 1] === ')';
  return declares && tokens.lastIndexOf('?', colon) < 0;
}

function typeEnd(tokens: readonly string[], from: number, stops: string): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (depth === 0 && token.length === 1 && stops.includes(token)) return at;
    depth += turn(token) + Number(token === '<') - Number(token === '>');
    if (depth < 0) return at;
  }
  return tokens.length;
}
