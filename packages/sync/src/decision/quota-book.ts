import type { Bucket } from '@fr/bucket';
import { matchesBucket, type Quota } from '@fr/protocol';
import { type StoredDemand, scopeOf, signedCount } from '../demand/stored-demand.ts';

/** How many samples other than those of one entry went out under a demand; the ledger's own count. */
export type SentCount = (demandId: string, type: string, scope: string, exceptEntryId: string) => number;

/** One type that a demand may ask of a bucket, and how many the destination said are missing. */
interface Asked {
  readonly stored: StoredDemand;
  readonly type: string;
  /** Infinite where it has not said. */
  readonly said: number;
}

/**
 * What is left of the quotas while a pass is sending, so that no more than asked goes out before the destination is
 * asked again. A demand that counts as a whole is counted down for all its buckets together. The destination's figure
 * is never believed above what the signed terms, less all that was ever sent under them, leave; where it has said
 * nothing of a bucket, that is what holds. Knows only the buckets it was last shown.
 */
export class QuotaBook {
  readonly #demands: readonly StoredDemand[];
  readonly #byId: ReadonlyMap<string, StoredDemand>;
  readonly #sent: SentCount;
  readonly #asked = new Map<string, readonly Asked[]>();
  /** Taken in this pass, by demand, type and scope. */
  readonly #taken = new Map<string, number>();
  readonly #touched = new Set<string>();

  /**
   * `demands`: those of the destination, closed ones too. `quotas`: all that is wanted of buckets it will not be shown; of
   * those nothing else is.
   */
  constructor(demands: readonly StoredDemand[], quotas: readonly Quota[], sent: SentCount) {
    this.#demands = demands.filter(({ closedAt }) => closedAt === undefined);
    this.#byId = new Map(demands.map((stored) => [stored.demand.terms.id, stored]));
    this.#sent = sent;
    for (const [bucketId, some] of Map.groupBy(quotas, (quota) => quota.bucketId))
      this.showAll(bucketId, some);
  }

  /** Shows it a bucket and all that is wanted of it; nothing else is. */
  showAll(bucketId: string, quotas: readonly Quota[]): void {
    const asked = quotas.flatMap(({ demandId, type, count }): readonly Asked[] => {
      const stored = this.#byId.get(demandId);
      return stored ? [{ stored, type, said: count }] : [];
    });
    this.#asked.set(bucketId, asked);
  }

  /** Buckets from which something was taken. */
  get touched(): ReadonlySet<string> {
    return this.#touched;
  }

  /** Whether it was shown this bucket since it last forgot. */
  knows(bucketId: string): boolean {
    return this.#asked.has(bucketId);
  }

  /** Shows it a bucket and what the destination has said of it. */
  show(bucketId: string, bucket: Bucket, quotas: readonly Quota[]): void {
    const asked = this.#demands
      .filter(({ demand }) => matchesBucket(demand.terms.pattern, bucket))
      .flatMap((stored) =>
        stored.demand.terms.types.map(({ type }): Asked => {
          const { id } = stored.demand.terms;
          const quota = quotas.find((one) => one.demandId === id && one.type === type);
          return { stored, type, said: quota?.count ?? Number.POSITIVE_INFINITY };
        }),
      );
    this.#asked.set(bucketId, asked);
  }

  /** A book that knows the same, to plan with: what is taken there is not taken here. */
  fork(): QuotaBook {
    const fork = new QuotaBook([...this.#byId.values()], [], this.#sent);
    for (const [id, asked] of this.#asked) fork.#asked.set(id, asked);
    for (const [key, count] of this.#taken) fork.#taken.set(key, count);
    return fork;
  }

  /** Forgets the buckets it was shown, but not what was taken. */
  forget(): void {
    this.#asked.clear();
  }

  /** What is left for an entry of this bucket, 0 too. Its own earlier attempts do not count against it. */
  quotasFor(bucketId: string, entryId: string): readonly Quota[] {
    return (this.#asked.get(bucketId) ?? []).map(({ stored, type, said }) => {
      const demandId = stored.demand.terms.id;
      const scope = scopeOf(stored, bucketId);
      const signed = signedCount(stored, type);
      const unsent = signed - this.#sent(demandId, type, scope, entryId);
      const untaken = Math.min(said, signed) - (this.#taken.get(takenKey(demandId, type, scope)) ?? 0);
      return { demandId, bucketId, type, count: Math.max(0, Math.min(unsent, untaken)) };
    });
  }

  /**
   * What the destination's word leaves after what was taken, to be kept for the next pass; of what it has said nothing
   * about, nothing. What the ledger leaves is not in it: that an entry may have gone must not end its own next attempt.
   */
  leftOf(bucketId: string): readonly Quota[] {
    return (this.#asked.get(bucketId) ?? []).flatMap(({ stored, type, said }) => {
      const demandId = stored.demand.terms.id;
      const taken = this.#taken.get(takenKey(demandId, type, scopeOf(stored, bucketId))) ?? 0;
      if (!Number.isFinite(said) && Number.isFinite(taken)) return [];
      const left = Math.min(said, signedCount(stored, type)) - taken;
      return [{ demandId, bucketId, type, count: Math.max(0, left) }];
    });
  }

  /** Counts down what goes out: `amount` samples of each type, under each demand that wants it. */
  take(demandIds: readonly string[], bucketId: string, types: readonly string[], amount = 1): void {
    this.#touched.add(bucketId);
    for (const demandId of demandIds) {
      const stored = this.#byId.get(demandId);
      if (!stored) continue;
      for (const type of types) {
        const key = takenKey(demandId, type, scopeOf(stored, bucketId));
        this.#taken.set(key, (this.#taken.get(key) ?? 0) + amount);
      }
    }
  }

  /** The destination says that it needs none of these: nothing more of them in this pass. */
  exhaust(demandIds: readonly string[], bucketId: string, types: readonly string[]): void {
    this.take(demandIds, bucketId, types, Number.POSITIVE_INFINITY);
  }
}

function takenKey(demandId: string, type: string, scope: string): string {
  return `${demandId} ${type} ${scope}`;
}
