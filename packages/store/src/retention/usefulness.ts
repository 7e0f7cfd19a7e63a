/**
 * How much an entry adds to those that are kept already: what is asked for, what else is likely to be, what nobody else
 * tells, and what is new.
 * @module
 */
import { matchesBucket } from '@fr/protocol';
import type { StoredDemand } from '../contract/demands.ts';
import type { StoredEntry } from '../contract/entries.ts';

type Bucket = StoredEntry['header']['bucket'];

/** A type that an open demand asks for outweighs any one type that none does, even when one sample is kept already. */
const WANTED = 4;

/** Asked for once is likely to be asked for again, after a change that was meant to help. */
const ASKED_BEFORE = 2;

/** What every default demand, of a site and of a vendor, begins with: nobody finds a fault without them. */
const ALWAYS_LIKELY: readonly string[] = ['stack', 'environment'];
const LIKELY = 2;

/** Any other type: better than nothing. */
const OTHER = 1;

/** A second sample of a type is worth half of the first, a third a quarter: it is there to be compared, not to be read. */
const SAMPLE_FADES = 0.5;

/** Bytes that no kept entry holds are worth half as much as their type: the same stack twice is one stack. */
const UNLIKE = 0.5;

/** What a just arrived entry has before an old one: as much as one more type that nobody has asked for. */
const NEWNESS = 1;

/** Of which half is gone after a week: about the time between two releases, after which another fault may look the same. */
const NEWNESS_HALVES_MS = 7 * 24 * 60 * 60 * 1_000;

/** Worth of each type in one bucket. */
export type TypeWorth = (type: string) => number;

export function typeWorth(bucket: Bucket, demands: readonly StoredDemand[], now: number): TypeWorth {
  const worth = new Map<string, number>(ALWAYS_LIKELY.map((type) => [type, LIKELY]));
  for (const stored of demands) {
    if (!matchesBucket(stored.demand.terms.pattern, bucket)) continue;
    const asked = isOpen(stored, now) ? WANTED : ASKED_BEFORE;
    for (const { type } of stored.demand.terms.types)
      worth.set(type, Math.max(asked, worth.get(type) ?? OTHER));
  }
  return (type) => worth.get(type) ?? OTHER;
}

/** Whether somebody may still send for it: an open demand that nobody has denied asks for one of its types. */
export function isAwaited(
  { header, state }: StoredEntry,
  demands: readonly StoredDemand[],
  now: number,
): boolean {
  if (state !== 'pending') return false;
  return demands.some(
    (stored) =>
      isOpen(stored, now) &&
      stored.demand.terms.types.some(({ type }) => header.parts.some((part) => part.type === type)) &&
      matchesBucket(stored.demand.terms.pattern, header.bucket),
  );
}

function isOpen({ demand, closedAt, approval }: StoredDemand, now: number): boolean {
  return closedAt === undefined && demand.terms.until > now && approval?.decision !== 'denied';
}

/** What the entries kept so far tell. */
export class Kept {
  readonly #samples = new Map<string, number>();
  readonly #contents = new Set<string>();

  add({ header }: StoredEntry): void {
    for (const { type, sha256 } of header.parts) {
      this.#samples.set(type, (this.#samples.get(type) ?? 0) + 1);
      this.#contents.add(sha256);
    }
  }

  /** What the entry would add. */
  gain({ header, storedAt }: StoredEntry, worth: TypeWorth, now: number): number {
    let gain = NEWNESS * 0.5 ** (Math.max(0, now - storedAt) / NEWNESS_HALVES_MS);
    for (const { type, sha256 } of header.parts) {
      gain += worth(type) * SAMPLE_FADES ** (this.#samples.get(type) ?? 0);
      if (!this.#contents.has(sha256)) gain += worth(type) * UNLIKE;
    }
    return gain;
  }
}
