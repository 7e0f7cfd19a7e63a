import type { ChosenFrame } from '../explanation.ts';

/** What the rules found. */
export interface Verdict {
  /** Empty when the program itself is meant. */
  readonly module: string;
  readonly version: string;
  readonly location: string;
  readonly frame?: ChosenFrame | undefined;
}

/** How near to the program the place of an error is. */
export const NOWHERE = 0;
export const IN_MODULE = 1;
export const IN_PROGRAM = 2;

/** What one error, without its causes, tells about its place. */
export interface Found {
  readonly nearness: 0 | 1 | 2;
  /** Empty when the program itself is meant. */
  readonly module: string;
  readonly version: string;
  /** `file#function~position`; empty when no frame is responsible. */
  readonly where: string;
  /** Module and function that refused, when the program had called one. */
  readonly refused: string;
  /** Code or class, and where there is no frame what else is known. */
  readonly kind: string;
  readonly frame?: ChosenFrame | undefined;
}

export function printFound({ where, refused, kind }: Found): string {
  return `${where}${refused && `>${refused}`}!${kind}`;
}

/** The words, those not empty, with a sign between them. */
export function joined(words: readonly string[], sign = ' '): string {
  return words.filter((word) => word).join(sign);
}

export function sortedSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
