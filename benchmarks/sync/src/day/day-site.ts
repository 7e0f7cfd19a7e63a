import { type Bucket, bucketId } from '@fr/bucket';
import type { EntryHeader, PartContent, Quota, Receipt } from '@fr/protocol';
import {
  type LedgerRecord,
  type PassOptions,
  SentSamples,
  type SiteStore,
  type StoredDemand,
} from '@fr/sync';

interface Kept {
  readonly header: EntryHeader;
  readonly parts: readonly PartContent[];
  state: 'pending' | 'uploaded';
  receipts: readonly Receipt[];
}

/** The least store a pass can work on, so that a day of a hundred sites fits into a minute; nothing can go wrong in it. */
export class DaySite implements SiteStore {
  readonly #origin: { readonly id: string; readonly epoch: number };
  readonly #totals = new Map<string, { readonly bucket: Bucket; hits: number; change: number }>();
  readonly #pending = new Map<string, Kept>();
  readonly #settings = new Map<string, unknown>();
  #demands: readonly StoredDemand[] = [];
  readonly #quotas = new Map<string, readonly Quota[]>();
  readonly #held = new Map<string, readonly EntryHeader[]>();
  #changes = 0;

  constructor(id: string) {
    this.#origin = { id, epoch: 1 };
  }

  /** Counts; true where the bucket is new here. */
  count(id: string, bucket: Bucket): boolean {
    this.#changes += 1;
    const known = this.#totals.get(id);
    this.#totals.delete(id);
    this.#totals.set(id, { bucket, hits: (known?.hits ?? 0) + 1, change: this.#changes });
    return known === undefined;
  }

  keep(header: EntryHeader, parts: readonly PartContent[]): void {
    this.#pending.set(header.entryId, { header, parts, state: 'pending', receipts: [] });
    const id = bucketId(header.bucket);
    this.#held.set(id, [...(this.#held.get(id) ?? []), header]);
  }

  readonly identity: SiteStore['identity'] = {
    origin: async () => this.#origin,
    openEpoch: async () => {
      throw new Error('no disk was restored');
    },
    epochs: async () => [this.#origin.epoch],
  };

  readonly hits: SiteStore['hits'] = {
    changedSince: async (cursor, limit) => {
      // Those that changed last stand last: the map is kept in that order.
      const totals: { readonly bucket: Bucket; readonly hits: number; readonly change: number }[] = [];
      for (const total of [...this.#totals.values()].reverse()) {
        if (total.change <= cursor) break;
        totals.push(total);
      }
      totals.reverse().splice(limit);
      return { totals, cursor: totals.at(-1)?.change ?? cursor };
    },
  };

  readonly entries: SiteStore['entries'] = {
    pending: () => this.#waiting(),
    read: async (entryId) => {
      const kept = this.#pending.get(entryId);
      return kept && { entry: kept, parts: (types) => partsOf(kept, types) };
    },
    mark: async (entryId) => {
      const bucket = this.#pending.get(entryId)?.header.bucket;
      this.#pending.delete(entryId);
      if (!bucket) return;
      // What is held has changed.
      const id = bucketId(bucket);
      this.#held.set(
        id,
        (this.#held.get(id) ?? []).filter((header) => header.entryId !== entryId),
      );
      const total = this.#totals.get(id);
      if (!total) return;
      this.#changes += 1;
      this.#totals.delete(id);
      this.#totals.set(id, { ...total, change: this.#changes });
    },
  };

  async *#waiting(): AsyncGenerator<Kept> {
    yield* [...this.#pending.values()];
  }

  readonly demands: SiteStore['demands'] = {
    list: async () => this.#demands,
    replace: async (source, demands, quotas, seenAt) => {
      this.#demands = demands.map((demand) => ({ demand, source, seenAt }));
      this.#quotas.clear();
      for (const [id, some] of Map.groupBy(quotas, (quota) => quota.bucketId)) this.#quotas.set(id, some);
    },
  };

  readonly quotas: SiteStore['quotas'] = {
    replace: async (_source, bucketIds, quotas) => {
      const byBucket = Map.groupBy(quotas, (quota) => quota.bucketId);
      for (const id of bucketIds) this.#quotas.set(id, byBucket.get(id) ?? []);
    },
    list: async (id) => (id === undefined ? [...this.#quotas.values()].flat() : (this.#quotas.get(id) ?? [])),
  };

  readonly queries: SiteStore['queries'] = {
    bucket: async (id) => this.#totals.get(id),
    entries: async ({ bucketId: id = '' } = {}) => ({
      rows: (this.#held.get(id) ?? []).map(({ parts }) => ({
        state: 'pending',
        types: parts.map(({ type }) => type),
      })),
    }),
  };

  readonly settings: SiteStore['settings'] = {
    read: async (name) => this.#settings.get(name),
    write: async (name, value) => {
      this.#settings.set(name, value);
    },
    delete: async (names) => {
      for (const name of names) this.#settings.delete(name);
    },
  };

  /** Counts what leaves, as the ledger's file would. */
  readonly ledger: PassOptions['ledger'] = dayLedger();
}

async function* partsOf({ parts }: Kept, types?: readonly string[]): AsyncGenerator<PartContent> {
  for (const one of parts) if (types?.includes(one.part.type) ?? true) yield one;
}

function dayLedger(): PassOptions['ledger'] {
  const sent = new SentSamples();
  let seq = 0;
  return {
    sent,
    append: async (event) => {
      seq += 1;
      const record: LedgerRecord = { seq, ...event };
      sent.note(record);
      return record;
    },
  };
}

export function idOf(bucket: Bucket): string {
  return bucketId(bucket);
}
