/**
 * What was counted and is not in the tables yet, bucket by bucket. One share lives as long as its bucket has a number
 * or something to add; its row in the tables is made in the transaction that first counts it.
 * @module
 */
import type { NamedBucket } from '../write.ts';

export interface Share {
  readonly bucketId: string;
  readonly problemId: string;
  readonly idBytes: Uint8Array;
  /** In words, where it came from the calling thread in this life of the process. */
  named: NamedBucket | undefined;
  /** The program's number; undefined: not known whether the bucket has its row. */
  program: number | undefined;
  /** Own total of this epoch, what is still to be added included; undefined: not looked up. */
  total: number | undefined;
  added: number;
  lastSeen: number;
  /** Its place in the order of changes. */
  touched: number;
  /** Hits by minute since 1970. */
  readonly minutes: Map<number, number>;
}

const MINUTE = 60_000;

export class Shares {
  readonly #byId = new Map<string, Share>();
  #numbered: Share[] = [];
  #touches = 0;

  /** Gives numbers to buckets, from `first` on. */
  number(first: number, buckets: readonly NamedBucket[]): void {
    if (first === 0) this.#startAnew();
    buckets.forEach((named, place) => {
      const share = this.found(named.bucketId, named.problemId);
      share.named ??= named;
      this.#numbered[first + place] = share;
    });
  }

  numbered(number: number): Share | undefined {
    return this.#numbered[number];
  }

  find(bucketId: string): Share | undefined {
    return this.#byId.get(bucketId);
  }

  /** The bucket's share, begun where there is none. */
  found(bucketId: string, problemId: string): Share {
    const known = this.#byId.get(bucketId);
    if (known) return known;
    const share = newShare(bucketId, problemId);
    this.#byId.set(bucketId, share);
    return share;
  }

  count(share: Share, hits: number, receivedAt: number): void {
    this.#touches += 1;
    share.touched = this.#touches;
    share.added += hits;
    share.lastSeen = Math.max(share.lastSeen, receivedAt);
    const minute = Math.floor(receivedAt / MINUTE);
    share.minutes.set(minute, (share.minutes.get(minute) ?? 0) + hits);
  }

  /** Those with something to add, in the order of their last change. */
  waiting(): readonly Share[] {
    return [...this.#byId.values()].filter(({ added }) => added > 0).sort((a, b) => a.touched - b.touched);
  }

  /** What was to be added is in the tables. */
  settled(): void {
    for (const share of this.#byId.values()) if (share.added > 0) empty(share);
  }

  /** Totals of another epoch or origin do not hold any more. */
  forgetTotals(): void {
    for (const share of this.#byId.values()) share.total = undefined;
  }

  /** Forgets all but the numbers. */
  reset(): void {
    for (const share of this.#byId.values()) {
      empty(share);
      share.program = undefined;
      share.total = undefined;
    }
  }

  #startAnew(): void {
    this.#numbered = [];
    for (const [bucketId, { added }] of this.#byId) if (added === 0) this.#byId.delete(bucketId);
  }
}

function newShare(bucketId: string, problemId: string): Share {
  return {
    bucketId,
    problemId,
    idBytes: Buffer.from(bucketId, 'latin1'),
    named: undefined,
    program: undefined,
    total: undefined,
    added: 0,
    lastSeen: 0,
    touched: 0,
    minutes: new Map(),
  };
}

function empty(share: Share): void {
  share.added = 0;
  share.lastSeen = 0;
  share.minutes.clear();
}
