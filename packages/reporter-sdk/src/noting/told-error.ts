import type { ErrorFacts } from '@fr/bucket';

const MAX_TEXT = 48 * 1024;
const HEADER = /^([\w$.]{1,256})(?: \[(\w{1,128})\])?(?:: |$)/;

/** The facts of a thrown value of which only Node's text is known: the stack of an error, or the value as text. */
export function toldError(told: string): ErrorFacts {
  const text = told.slice(0, MAX_TEXT);
  const frames = text.search(/\n\s+at /);
  if (frames < 0) return { message: text.slice(0, 8 * 1024), thrown: thrownAs(text) };
  const header = text.slice(0, frames);
  const [start = '', name, code] = HEADER.exec(header) ?? [];
  return {
    ...(name === undefined ? {} : { name }),
    message: header.slice(start.length).slice(0, 8 * 1024),
    stack: text,
    ...(code === undefined ? {} : { code }),
  };
}

/** Node writes `#<Basket>` for an object, and everything else as it is. */
function thrownAs(text: string): string {
  if (text === 'null' || text === 'undefined') return text;
  return /^#<.*>$|^\[object /.test(text) ? 'object' : 'string';
}
