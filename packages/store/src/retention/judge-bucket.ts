/**
 * Which entries of one bucket stay. Those that are awaited by an open demand stay whatever the bucket's limits say;
 * of the others whoever adds most to those that stay already is next, until a limit is reached.
 * @module
 */
import type { StoredDemand } from '../contract/demands.ts';
import type { StoredEntry } from '../contract/entries.ts';
import type { Removal, RetentionLimits, RetentionReason } from '../contract/retention.ts';
import { isAwaited, Kept, type TypeWorth, typeWorth } from './usefulness.ts';

/** An entry that stays, for what its bucket's limits say. */
export interface Ranked {
  readonly entryId: string;
  readonly bucketId: string;
  readonly bytes: number;
  readonly storedAt: number;
  readonly isAwaited: boolean;
  /** 0: the most useful one of its bucket. */
  readonly rank: number;
}

export interface BucketJudgement {
  readonly stay: readonly Ranked[];
  readonly go: readonly Removal[];
}

/** `entries`: all of the bucket. */
export function judgeBucket(
  bucketId: string,
  entries: readonly StoredEntry[],
  demands: readonly StoredDemand[],
  limits: RetentionLimits,
  now: number,
): BucketJudgement {
  const first = entries[0];
  if (!first) return { stay: [], go: [] };
  const worth = typeWorth(first.header.bucket, demands, now);
  const awaited = entries.filter((entry) => isAwaited(entry, demands, now));
  const selection = new Selection(bucketId, worth, limits, now);
  selection.keepAll(awaited);
  const others = entries.filter((entry) => !awaited.includes(entry));
  const isOld = ({ storedAt }: StoredEntry) => limits.ageMs !== undefined && now - storedAt > limits.ageMs;
  selection.refuse(others.filter(isOld), 'retention-age');
  selection.keepBest(others.filter((entry) => !isOld(entry)));
  return selection.judgement;
}

class Selection {
  readonly #bucketId: string;
  readonly #worth: TypeWorth;
  readonly #limits: RetentionLimits;
  readonly #now: number;
  readonly #kept = new Kept();
  readonly #stay: Ranked[] = [];
  readonly #go: Removal[] = [];
  #bytes = 0;

  constructor(bucketId: string, worth: TypeWorth, limits: RetentionLimits, now: number) {
    this.#bucketId = bucketId;
    this.#worth = worth;
    this.#limits = limits;
    this.#now = now;
  }

  get judgement(): BucketJudgement {
    return { stay: this.#stay, go: this.#go };
  }

  keepAll(awaited: readonly StoredEntry[]): void {
    const rest = new Set(awaited);
    while (rest.size > 0) this.#keep(this.#best(rest), true);
  }

  keepBest(entries: readonly StoredEntry[]): void {
    const rest = new Set(entries);
    const { bucketEntries = Number.POSITIVE_INFINITY, bucketBytes = Number.POSITIVE_INFINITY } = this.#limits;
    while (rest.size > 0 && this.#stay.length < bucketEntries) {
      const best = this.#best(rest);
      if (this.#stay.length > 0 && this.#bytes + best.bytes > bucketBytes)
        this.refuse([best], 'retention-bytes');
      else this.#keep(best, false);
    }
    this.refuse([...rest], 'retention-count');
  }

  refuse(entries: readonly StoredEntry[], reason: RetentionReason): void {
    for (const { header, bytes } of entries)
      this.#go.push({ entryId: header.entryId, bucketId: this.#bucketId, bytes, reason });
  }

  /** Takes out whoever adds most; of equals the newest, so that the order of the list says nothing. */
  #best(rest: Set<StoredEntry>): StoredEntry {
    let best: { readonly entry: StoredEntry; readonly gain: number } | undefined;
    for (const entry of rest) {
      const gain = this.#kept.gain(entry, this.#worth, this.#now);
      if (!best || gain > best.gain || (gain === best.gain && isNewer(entry, best.entry)))
        best = { entry, gain };
    }
    if (!best) throw new Error('nothing to choose from');
    rest.delete(best.entry);
    return best.entry;
  }

  #keep(entry: StoredEntry, awaited: boolean): void {
    const { header, bytes, storedAt } = entry;
    const rank = this.#stay.length;
    this.#kept.add(entry);
    this.#bytes += bytes;
    this.#stay.push({
      entryId: header.entryId,
      bucketId: this.#bucketId,
      bytes,
      storedAt,
      isAwaited: awaited,
      rank,
    });
  }
}

function isNewer(one: StoredEntry, other: StoredEntry): boolean {
  if (one.storedAt !== other.storedAt) return one.storedAt > other.storedAt;
  return one.header.entryId > other.header.entryId;
}
