import type { Page } from './page.ts';

/**
 * What a removal puts in doubt. A detector that said no because of text farther on may say yes once that text is gone, so
 * the places of such noes are asked again in the next pass: these stretches of the result, and nothing else of it.
 */

/** A stretch of a text that has to be asked again. */
export interface Stretch {
  readonly from: number;
  /** The wall in front of it, as in a `Page`. */
  readonly floor: number;
  readonly edge: number;
  end: number;
}

/** The first place of those noes that saw as far as the scanner is, or farther; in places of the result. */
export interface Doubt {
  from: number;
  floor: number;
  edge: number;
}

/** Notes that the no at `at` saw farther than all before; `shift` leads from places of the text to those of the result. */
export function raise(doubt: Doubt, page: Page, at: number, shift: number): void {
  doubt.from = at + shift;
  doubt.floor = Math.min(page.floor, at) + shift;
  doubt.edge = page.edge;
}

/** Puts the stretch from the first doubt to `end` on the list, as one with the stretch before where they meet. */
export function note(stretches: Stretch[], { from, floor, edge }: Doubt, end: number): void {
  const last = stretches.at(-1);
  if (last === undefined || last.end < from) stretches.push({ from, floor, edge, end });
  else last.end = end;
}
