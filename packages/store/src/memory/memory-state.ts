import { type Bucket, bucketId, problemId } from '@fr/bucket';
import type { Quota } from '@fr/protocol';
import type { StoredDemand } from '../contract/demands.ts';
import type { StoredEntry } from '../contract/entries.ts';
import type { OutcomeCount } from '../contract/queries.ts';
import { StoreError } from '../contract/store-error.ts';

/** A bucket with its totals, by `origin id/epoch`. */
export interface KnownBucket {
  readonly bucket: Bucket;
  readonly bucketId: string;
  readonly problemId: string;
  readonly totals: Map<string, number>;
  /** Own hits by minute since 1970. */
  readonly minutes: Map<number, number>;
  firstSeen: number;
  lastSeen: number;
  /** Place in the sequence of own changes; 0: none. */
  changed: number;
}

/** An entry with its whole frame. */
export interface HeldEntry {
  readonly entry: StoredEntry;
  readonly bucketId: string;
  readonly headBytes: number;
  readonly frame: Uint8Array;
}

/** Everything a memory store knew at one moment: what a copy of its disk would be. Opaque; from {@link MemoryState.image}. */
export interface MemoryImage {
  readonly copy: () => MemoryState;
}

/** Everything a memory store knows. One event-loop turn is its transaction. */
export class MemoryState {
  readonly buckets: Map<string, KnownBucket> = new Map();
  readonly reportIds: Set<string> = new Set();
  readonly entries: Map<string, HeldEntry> = new Map();
  readonly demands: Map<string, StoredDemand> = new Map();
  readonly quotas: Map<string, readonly Quota[]> = new Map();
  /** Samples accepted, by demand id, scope and type. */
  readonly credits: Map<string, number> = new Map();
  readonly settings: Map<string, string> = new Map();
  readonly #outcomes = new Map<string, OutcomeCount>();
  origin: { readonly id: string; readonly epoch: number };
  closed = false;
  /** Changes of entries and demands. */
  revision = 0;
  #changes = 0;

  constructor(origin: { readonly id: string; readonly epoch: number }) {
    this.origin = origin;
  }

  /** The state as it is now, apart from what becomes of it. Only what changes in place is copied. */
  image(): MemoryImage {
    const kept = this.#copy();
    return { copy: () => kept.#copy() };
  }

  #copy(): MemoryState {
    const copy = new MemoryState(this.origin);
    for (const [id, known] of this.buckets)
      copy.buckets.set(id, { ...known, totals: new Map(known.totals), minutes: new Map(known.minutes) });
    for (const id of this.reportIds) copy.reportIds.add(id);
    for (const name of ['entries', 'demands', 'quotas', 'credits', 'settings'] as const) {
      const into: Map<string, unknown> = copy[name];
      for (const [key, value] of this[name]) into.set(key, value);
    }
    for (const [key, outcome] of this.#outcomes) copy.#outcomes.set(key, outcome);
    copy.revision = this.revision;
    copy.#changes = this.#changes;
    return copy;
  }

  checkOpen(): void {
    if (this.closed) throw new StoreError('closed', 'the store is closed');
  }

  ownKey(): string {
    return `${this.origin.id}/${this.origin.epoch}`;
  }

  /** The bucket as known here, made when it is new. */
  know(bucket: Bucket, at: number): KnownBucket {
    const id = bucketId(bucket);
    const known = this.buckets.get(id) ?? {
      bucket,
      bucketId: id,
      problemId: problemId(bucket),
      totals: new Map<string, number>(),
      minutes: new Map<number, number>(),
      firstSeen: at,
      lastSeen: at,
      changed: 0,
    };
    this.buckets.set(id, known);
    return known;
  }

  /** Puts the bucket at the end of the sequence of own changes. */
  touch(known: KnownBucket): void {
    this.#changes += 1;
    known.changed = this.#changes;
  }

  count(of: OutcomeCount['of'], outcome: OutcomeCount['outcome'], reason = '', by = 1): void {
    const key = `${of}/${outcome}/${reason}`;
    const count = Math.min((this.#outcomes.get(key)?.count ?? 0) + by, Number.MAX_SAFE_INTEGER);
    this.#outcomes.set(key, { of, outcome, reason, count });
  }

  outcomes(): readonly OutcomeCount[] {
    return [...this.#outcomes.values()];
  }
}

/** All origins and epochs together. */
export function hitsOf(known: KnownBucket): number {
  let sum = 0;
  for (const hits of known.totals.values()) sum += hits;
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}
