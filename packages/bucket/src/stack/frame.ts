/** One line of a stack, in terms that no longer depend on the engine that printed it. */
export interface Frame {
  /** The line as printed, cut to a printable length. */
  readonly text: string;
  /** As printed, with receiver and aliases; empty for code outside any named function. */
  readonly name: string;
  /** Path or URL as printed; empty when the frame has no place. */
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly constructs: boolean;
  /** The code came from `eval` or `new Function`; file and line are those of the call that made it. */
  readonly evaluated: boolean;
}

/** A format turns one line into a frame, or says that the line is none of its own. */
export type LineParser = (line: string) => Frame | undefined;

export interface Place {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Splits `file:line:column` from the right, because the file may hold colons, blanks and brackets itself. */
export function placeFromRight(text: string): Place {
  const last = trailingNumber(text);
  if (last === undefined) return { file: text, line: undefined, column: undefined };
  const before = trailingNumber(last.rest);
  if (before === undefined) return { file: last.rest, line: last.value, column: undefined };
  return { file: before.rest, line: before.value, column: last.value };
}

function trailingNumber(text: string): { rest: string; value: number } | undefined {
  let at = text.length;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at--;
  if (at === text.length || at < 2 || text[at - 1] !== ':') return undefined;
  return { rest: text.slice(0, at - 1), value: Number(text.slice(at)) };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
