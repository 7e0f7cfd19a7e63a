import type { WriteKind, Writes } from './writer/write.ts';

/** Buckets counted apart; beyond it a change of one is taken for a change of all. */
const COUNTED_APART = 16_384;

/** Kinds after which what is wanted of any bucket may be something else. */
const OF_ALL: ReadonlySet<WriteKind> = new Set([
  'markEntry',
  'dropEntry',
  'putDemand',
  'replaceDemands',
  'quoteBuckets',
  'decideDemand',
]);

/** Counts changes of entries and demands, so that what was worked out from them need not be worked out for every hit. */
export class Revisions {
  readonly #ofBucket = new Map<string, number>();
  #ofAll = 0;

  of(bucketId: string): number {
    return this.#ofAll + (this.#ofBucket.get(bucketId) ?? 0);
  }

  /** After a write, before whoever asked for it hears of it. */
  note<K extends WriteKind>(kind: K, take: Writes[K]['take']): void {
    if (OF_ALL.has(kind)) this.#ofAll += 1;
    if (kind === 'storeEntry') this.#noteBucket((take as Writes['storeEntry']['take']).entry.at.bucketId);
  }

  #noteBucket(bucketId: string): void {
    if (this.#ofBucket.size >= COUNTED_APART) {
      this.#ofAll += Math.max(...this.#ofBucket.values());
      this.#ofBucket.clear();
    }
    this.#ofBucket.set(bucketId, (this.#ofBucket.get(bucketId) ?? 0) + 1);
  }
}
