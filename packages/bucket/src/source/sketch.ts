/** A line of source reduced to what every build of it has in common: its names and its literals, in order. */
import { scanTokens } from './tokens.ts';

// Compilers change the declaring word, move `export` and `await`, and add `use strict`; none of it says where.
const DROPPED = new Set('const let var export default async await readonly'.split(' '));
/** `price_1.total`, `import_price.total`, `exports.total`: the holder is the module format's, not the source's. */
const FORMAT_HOLDER = /^(?:exports|module|import_\w+|\w+_\d+|\w+__WEBPACK_\w+|__\w+)$/;
const MAX_TOKENS = 64;

export function sketchOfLine(line: string): string {
  const tokens: string[] = [];
  scanTokens(line, (kind, start, end) => {
    if (kind === 'punctuation') tokens.push(line.slice(start, end));
    else if (kind === 'string') tokens.push(`"${line.slice(start + 1, end - 1)}`);
    else tokens.push(line.slice(start, end));
    return tokens.length < MAX_TOKENS;
  });
  return withoutTypes(tokens)
    .filter((token, at, all) => isKept(token, all[at - 1], all[at + 1]))
    .join(' ');
}

function isKept(token: string, before: string | undefined, after: string | undefined): boolean {
  if (!/^["\p{ID_Continue}$#]/u.test(token)) return false;
  if (DROPPED.has(token)) return false;
  // `(0, price_1.total)(…)` is how compilers call an import without a receiver.
  if (token === '0' && before === '(' && after === ',') return false;
  return !(after === '.' && FORMAT_HOLDER.test(token));
}

/** `const a: B<C> = …`, `x as B`, `x satisfies B`: the types, which a build has lost. */
function withoutTypes(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  const declares =
    tokens[0] === 'const' || tokens[0] === 'let' || tokens[1] === 'const' || tokens[1] === 'let';
  const assign = declares ? tokens.indexOf('=') : -1;
  const colon = assign < 0 ? -1 : tokens.indexOf(':');
  const destructures = tokens.indexOf('{');
  const typed = colon >= 0 && colon < assign && (destructures < 0 || destructures > colon);
  for (let at = 0; at < tokens.length; at++) {
    if (typed && at === colon) at = assign;
    const token = tokens[at] ?? '';
    if ((token === 'as' || token === 'satisfies') && isName(tokens[at - 1]) && isName(tokens[at + 1])) at++;
    else kept.push(token);
  }
  return kept;
}

function isName(token: string | undefined): boolean {
  return token !== undefined && /^[\p{ID_Continue}$)\]]/u.test(token);
}
