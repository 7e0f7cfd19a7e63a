/** A line and a column as an offset into a text. */
export interface Place {
  /** Where the line begins. */
  readonly line: number;
  readonly offset: number;
  /** The line was printed by a minifier, for which lines mean nothing. */
  readonly minified: boolean;
}

/** People hardly ever write longer lines. */
export const MAX_LINE = 400;

/** `undefined` when the text has no such line. Lines and columns count from 1. */
export function placeIn(text: string, line: number, column = 1): Place | undefined {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    start = text.indexOf('\n', start) + 1;
    if (!start) return undefined;
  }
  const [own = ''] = text.slice(start).split('\n', 1);
  // Not before the first word of the line, so that it is known which statement the line begins.
  const inLine = Math.min(Math.max(column - 1, own.search(/\S/), 0), own.length);
  return { line: start, offset: start + inLine, minified: own.length > MAX_LINE };
}
