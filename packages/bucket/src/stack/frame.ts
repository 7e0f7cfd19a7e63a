/** One line of a stack, in terms that no longer depend on the engine that printed it. */
export interface Frame {
  /** The line as printed. */
  readonly text: string;
  /** As printed, with receiver, `new` and aliases; empty for code outside any named function. */
  readonly name: string;
  /** Path or URL as printed, of code from `eval` that of the call that made it; empty when the frame has no place. */
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The code came from `eval` or `new Function`. */
  readonly evaluated?: boolean;
}

const PLACE = /(?::(\d+))?:(\d+)$/;
/** Two numbers and their colons are no longer. */
const MAX_PLACE = 24;

/** Splits `file:line:column` from the right, because the file may hold colons, blanks and brackets itself. */
export function frameAt(text: string, name: string, place: string): Frame {
  const [numbers, line, last] = PLACE.exec(place.slice(-MAX_PLACE)) ?? [];
  if (!numbers) return { text, name, file: place };
  const file = place.slice(0, -numbers.length);
  return line
    ? { text, name, file, line: +line, column: Number(last) }
    : { text, name, file, line: Number(last) };
}
