import { RULES } from './rules.ts';
import { scan } from './scanning/scan.ts';
import { type ScrubOptions, type Settings, settingsOf } from './settings.ts';

/** How often a rule removed something. */
export interface Removal {
  /** The `id` of a rule in `RULES`. */
  readonly rule: string;
  readonly count: number;
}

/** A text that may travel, and what had to go. */
export interface ScrubbedText {
  readonly text: string;
  /** In the order of `RULES`; empty when the text is the same. */
  readonly removed: readonly Removal[];
}

/** A removal may complete a pattern in front of it; then, and only then, that place of the result is scanned again. */
const MOST_PASSES = 4;

/**
 * Removes secrets and personal data from a text of any length, in time linear to it. Never throws;
 * what is no string gives an empty one. Scrubbing twice gives what scrubbing once gave.
 */
export function scrubText(text: string, options?: ScrubOptions): ScrubbedText {
  const counts = new Map<string, number>();
  return { text: scrubWith(settingsOf(options), text, counts), removed: removals(counts) };
}

/** As `scrubText`, adding to counts that the caller keeps: for many texts of one tree. */
export function scrubWith(settings: Settings, text: string, counts: Map<string, number>): string {
  if (typeof text !== 'string') return '';
  let scanned = scan(text, settings, counts);
  for (let pass = 1; pass < MOST_PASSES && scanned.doubtful.length > 0; pass += 1) {
    scanned = scan(scanned.text, settings, counts, scanned.doubtful);
  }
  return scanned.text;
}

/** The counts as a list in the order of `RULES`. */
export function removals(counts: ReadonlyMap<string, number>): readonly Removal[] {
  return RULES.flatMap(({ id }) => {
    const count = counts.get(id);
    return count === undefined ? [] : [{ rule: id, count }];
  });
}
