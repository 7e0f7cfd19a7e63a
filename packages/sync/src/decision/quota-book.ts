import type { Quota } from '@fr/protocol';
import { type StoredDemand, scopeOf, signedCount } from '../demand/stored-demand.ts';

/** How many samples other than those of one entry went out under a demand; the ledger's own count. */
export type SentCount = (demandId: string, type: string, scope: string, exceptEntryId: string) => number;

/**
 * What is left of the quotas while a pass is sending, so that no more than asked goes out before the destination is
 * asked again. A demand that counts as a whole is counted down for all its buckets together. The destination's figure
 * is never believed above what the signed terms, less all that was ever sent under them, leave.
 */
export class QuotaBook {
  readonly #demands: ReadonlyMap<string, StoredDemand>;
  readonly #byBucket: ReadonlyMap<string, readonly Quota[]>;
  readonly #sent: SentCount;
  /** Taken in this pass, by demand, type and scope. */
  readonly #taken = new Map<string, number>();

  constructor(demands: readonly StoredDemand[], quotas: readonly Quota[], sent: SentCount) {
    this.#demands = new Map(demands.map((stored) => [stored.demand.terms.id, stored]));
    this.#byBucket = Map.groupBy(quotas, ({ bucketId }) => bucketId);
    this.#sent = sent;
  }

  /** What is left for an entry of this bucket. Its own earlier attempts do not count against it. */
  quotasFor(bucketId: string, entryId: string): readonly Quota[] {
    return (this.#byBucket.get(bucketId) ?? [])
      .map((quota) => ({ ...quota, count: this.#left(quota, entryId) }))
      .filter(({ count }) => count > 0);
  }

  #left({ demandId, bucketId, type, count }: Quota, entryId: string): number {
    const stored = this.#demands.get(demandId);
    if (!stored) return 0;
    const scope = scopeOf(stored, bucketId);
    const unsent = signedCount(stored, type) - this.#sent(demandId, type, scope, entryId);
    const untaken = count - (this.#taken.get(takenKey(demandId, type, scope)) ?? 0);
    return Math.max(0, Math.min(unsent, untaken));
  }

  /** Counts down what goes out: `amount` samples of each type, under each demand that wants it. */
  take(demandIds: readonly string[], bucketId: string, types: readonly string[], amount = 1): void {
    for (const demandId of demandIds) {
      const stored = this.#demands.get(demandId);
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

  /** What is left of all quotas. */
  left(): readonly Quota[] {
    return [...this.#byBucket.keys()].flatMap((bucketId) => this.quotasFor(bucketId, ''));
  }
}

function takenKey(demandId: string, type: string, scope: string): string {
  return `${demandId} ${type} ${scope}`;
}
