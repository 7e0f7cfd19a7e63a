import type { Page } from './scanning/page.ts';

/** What a detector found: the half-open stretch `start`…`end` of the text goes, under this rule. */
export interface Finding {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
  /** How far behind it the text decided where it ends: a removal up to there asks for another pass. */
  readonly sees: number;
  /** Instead of the rule's marker. */
  readonly replacement: string | undefined;
}

/** A finding; all are made here, alike in shape, which is what makes reading them quick. */
export function finding(
  rule: string,
  start: number,
  end: number,
  sees: number = end,
  replacement?: string,
): Finding {
  return { rule, start, end, sees, replacement };
}

/**
 * Two characters side by side at which a detector has to look. Firsts are ASCII characters; seconds are characters, or
 * the classes (`scanning/character.ts`) of which a second has to have one.
 */
export type Wake = readonly [firsts: string, seconds: string | number];

/**
 * Looks at the text around `at`, where the first of its wake characters stands. It must read a bounded stretch, or
 * include all it read beyond that in its finding, or remember in the page how far it read: that is what keeps the whole
 * scan linear. Where it says no because of what ends or follows a stretch, it calls `saw`.
 */
export interface Detector {
  readonly wakes: readonly Wake[];
  readonly detect: (page: Page, at: number) => Finding | undefined;
}
