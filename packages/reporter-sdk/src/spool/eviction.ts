/**
 * What a spool that is too full, or holds what is too old, gives up first: what the site would miss least. A pure function
 * of what waits; nothing here touches a disk.
 *
 * 1. What is older than servers remember ids for (30 days): it could be counted twice.
 * 2. Repetitions are folded: two failures of one bucket with one outcome become one with the count of both. Loses no
 *    count. The one with information beside it stays, else the oldest; those without go first, oldest first.
 * 3. Where bytes are short, information beside a failure goes before the failure does: first where another failure of
 *    the bucket has some too, the largest first.
 * 4. Failures go, from the bucket that has most of them: without information before with it, survived before fatal, few
 *    occurrences before many, old before new. The only failure of a bucket goes only when no bucket has a second.
 *
 * What was tried stays as it is: the server may have counted it, and a retry repeats it to the letter. So does what the
 * end of a program that still runs has yet to be explained by.
 * @module
 */
import { MAX_HIT_COUNT, MAX_REPORT_AGE_MS, type Outcome } from '@fr/protocol';

/** Bounds of what may wait. */
export interface SpoolLimits {
  readonly failures: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/**
 * - 1,000 failures: more than a site has buckets of one program that is worth looking at, and read within a second.
 * - 64 MiB: what a user would not notice on a disk, and room for the largest part of 200 failures.
 * - 30 days: servers remember the ids of hits for 45.
 */
export const SPOOL_LIMITS: SpoolLimits = {
  failures: 1_000,
  bytes: 64 * 1024 * 1024,
  ageMs: MAX_REPORT_AGE_MS,
};

/** Folding loses nothing, so it goes on for longer than it must, and need not be done again at the next failure. */
const FOLD_TO = 0.9;

/** A failure that waits, as far as its usefulness goes. */
export interface WaitingFailure {
  readonly reportId: string;
  readonly bucketId: string;
  readonly outcome: Outcome;
  readonly consent: string;
  readonly count: number;
  readonly at: number;
  /** Bytes of the facts, and of the information that lies beside them. */
  readonly bytes: number;
  readonly partBytes: number;
  /** Its hit may have been counted, or is needed: it stays as it is. */
  readonly fixed: boolean;
}

/** Why a failure is given up. */
export type EvictionReason = 'too-old' | 'too-many' | 'too-many-bytes';

/** What is to be done with the failures that wait. */
export interface EvictionPlan {
  /** Failures that have taken the counts of others, with their new count. */
  readonly grown: readonly { readonly reportId: string; readonly count: number }[];
  /** The others, which go. */
  readonly folded: readonly string[];
  /** Failures that lose the information beside them. */
  readonly stripped: readonly string[];
  /** Failures that are given up. */
  readonly evicted: readonly {
    readonly reportId: string;
    readonly count: number;
    readonly why: EvictionReason;
  }[];
}

/** Decides. Where only what must stay is left the spool stays too full, and hosts add nothing to it. */
export function planEviction(
  waiting: readonly WaitingFailure[],
  now: number,
  limits: SpoolLimits = SPOOL_LIMITS,
): EvictionPlan {
  const old = waiting.filter(({ at, fixed }) => !fixed && at < now - limits.ageMs);
  const room = new Room(
    waiting.filter((failure) => !old.includes(failure)),
    limits,
  );
  if (room.isOver(1) !== undefined) fold(room);
  strip(room);
  evict(room);
  return {
    grown: room.grown(),
    folded: room.folded,
    stripped: [...room.stripped].filter((id) => room.has(id)),
    evicted: [
      ...old.map(({ reportId, count }) => ({ reportId, count, why: 'too-old' as const })),
      ...room.evicted,
    ],
  };
}

/** What is left while something is taken away. */
class Room {
  readonly evicted: { reportId: string; count: number; why: EvictionReason }[] = [];
  readonly stripped = new Set<string>();
  readonly #limits: SpoolLimits;
  readonly #left: Map<string, WaitingFailure>;
  readonly folded: string[] = [];
  readonly #grown = new Set<string>();
  #bytes: number;

  constructor(waiting: readonly WaitingFailure[], limits: SpoolLimits) {
    this.#limits = limits;
    this.#left = new Map(waiting.map((failure) => [failure.reportId, failure]));
    this.#bytes = waiting.reduce((sum, { bytes, partBytes }) => sum + bytes + partBytes, 0);
  }

  /** Which limit, or which share of it, is passed. */
  isOver(share: number): EvictionReason | undefined {
    if (this.#left.size > this.#limits.failures * share) return 'too-many';
    return this.#bytes > this.#limits.bytes * share ? 'too-many-bytes' : undefined;
  }

  /** Those that may change, by bucket; `all`: also how many there are with those that may not. */
  buckets(): readonly { readonly all: number; readonly free: readonly WaitingFailure[] }[] {
    const byBucket = Map.groupBy(this.#left.values(), ({ bucketId }) => bucketId);
    return [...byBucket.values()].map((all) => ({
      all: all.length,
      free: all.filter(({ fixed }) => !fixed),
    }));
  }

  has(reportId: string): boolean {
    return this.#left.has(reportId);
  }

  foldInto(into: string, from: WaitingFailure): void {
    const keeper = this.#left.get(into);
    if (!keeper || keeper.count + from.count > MAX_HIT_COUNT) return;
    this.#left.set(into, { ...keeper, count: keeper.count + from.count });
    this.#grown.add(into);
    this.folded.push(from.reportId);
    this.#remove(from);
  }

  strip(failure: WaitingFailure): void {
    this.stripped.add(failure.reportId);
    this.#left.set(failure.reportId, { ...failure, partBytes: 0 });
    this.#bytes -= failure.partBytes;
  }

  evict(failure: WaitingFailure, why: EvictionReason): void {
    this.evicted.push({ reportId: failure.reportId, count: failure.count, why });
    this.#remove(failure);
  }

  /** One that was evicted after all has taken the counts of the others with it. */
  grown(): EvictionPlan['grown'] {
    return [...this.#left.values()]
      .filter(({ reportId }) => this.#grown.has(reportId))
      .map(({ reportId, count }) => ({ reportId, count }));
  }

  #remove(failure: WaitingFailure): void {
    this.#left.delete(failure.reportId);
    this.#bytes -= failure.bytes + failure.partBytes;
  }
}

function fold(room: Room): void {
  for (const { free } of room.buckets()) {
    const alike = Map.groupBy(free, ({ outcome, consent }) => `${outcome} ${consent}`);
    for (const each of alike.values()) {
      const [keeper, ...others] = each.toSorted(
        (a, b) => Number(b.partBytes > 0) - Number(a.partBytes > 0) || byAge(a, b),
      );
      for (const other of others.toSorted((a, b) => a.partBytes - b.partBytes || byAge(a, b))) {
        if (room.isOver(FOLD_TO) === undefined) return;
        if (keeper) room.foldInto(keeper.reportId, other);
      }
    }
  }
}

function strip(room: Room): void {
  for (const onlyFromSeveral of [true, false]) {
    for (;;) {
      if (room.isOver(1) !== 'too-many-bytes') return;
      const [largest] = room
        .buckets()
        .map(({ free }) => free.filter(({ partBytes }) => partBytes > 0))
        .flatMap((having) => (onlyFromSeveral && having.length < 2 ? [] : having))
        .toSorted((a, b) => b.partBytes - a.partBytes || byAge(a, b));
      if (!largest) break;
      room.strip(largest);
    }
  }
}

function evict(room: Room): void {
  for (let why = room.isOver(1); why !== undefined; why = room.isOver(1)) {
    const buckets = room.buckets().filter(({ free }) => free.length > 0);
    const most = Math.max(...buckets.map(({ all }) => all));
    // Of equally large buckets, and of all where each has but one, the least useful failure goes.
    const [least] = buckets
      .filter(({ all }) => all === most)
      .flatMap(({ free }) => free)
      .toSorted(byUse);
    if (!least) return;
    room.evict(least, why);
  }
}

function byUse(a: WaitingFailure, b: WaitingFailure): number {
  return (
    Number(a.partBytes > 0) - Number(b.partBytes > 0) ||
    RANK[a.outcome] - RANK[b.outcome] ||
    a.count - b.count ||
    byAge(a, b)
  );
}

const RANK: Readonly<Record<Outcome, number>> = { handled: 0, survived: 1, unknown: 2, fatal: 3 };

function byAge(a: WaitingFailure, b: WaitingFailure): number {
  return a.at - b.at || (a.reportId < b.reportId ? -1 : 1);
}
