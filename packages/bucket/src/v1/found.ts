import type { ChosenFrame } from '../explanation.ts';

/** What one error, without its causes, tells about its place. */
export interface Found {
  readonly strength: 'own' | 'module' | 'none';
  /** Empty when the program itself is meant. */
  readonly module: string;
  readonly moduleVersion: string;
  /** `file#function~position`; empty when no frame is responsible. */
  readonly where: string;
  /** Module and function that refused, when the program had called one. */
  readonly refused: string;
  /** Code or class, and where there is no frame what else is known. */
  readonly kind: string;
  readonly frame?: ChosenFrame;
}

export function printFound({ where, refused, kind }: Found): string {
  return `${where}${refused === '' ? '' : `>${refused}`}!${kind}`;
}
