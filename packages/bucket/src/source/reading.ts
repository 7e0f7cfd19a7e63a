/** What a source text shows around a place: read once, asked several times. */
import type { Place } from './place.ts';
import { placeIn } from './place.ts';
import type { Statement } from './statement.ts';
import { readStatement } from './statement.ts';

export interface Reading {
  readonly text: string;
  /** As asked for. */
  readonly printed: string;
  readonly place: Place;
  /** Absent in a minifier's text, whose statements and names say nothing. */
  readonly statement?: Statement;
}

/** `undefined` when the text has no such line. */
export function readingAt(text: string, line: number, column: number | undefined): Reading | undefined {
  const place = placeIn(text, line, column);
  if (!place) return undefined;
  const printed = `${line}:${column ?? 0}`;
  if (place.minified) return { text, printed, place };
  return { text, printed, place, statement: readStatement(text, place.line, place.offset) };
}
