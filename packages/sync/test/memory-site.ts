import { type Bucket, bucketId } from '@fr/bucket';
import type { EntryHeader, Origin, PartContent, Quota, Receipt, SignedDemand } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import type { CreditCount, HeldEntry, HoldingRow, IntakeStore, SiteStore, StoredDemand } from '@fr/sync';
import { contentOf } from './fixture.ts';

interface Kept {
  header: EntryHeader;
  state: 'pending' | 'uploaded';
  receipts: Receipt[];
}

interface Total {
  readonly bucket: Bucket;
  hits: number;
  readonly change: number;
  /** Totals of closed epochs. */
  readonly closed: Map<number, number>;
}

/** A site's store in memory, to the ports, with hooks for crashes and with a diary of what was called. */
export class MemorySite implements SiteStore, IntakeStore {
  readonly diary: string[] = [];
  readonly kept = new Map<string, Kept>();
  readonly settingsKept = new Map<string, unknown>();
  demandsKept: StoredDemand[] = [];
  quotasKept: readonly Quota[] = [];
  creditsKept: CreditCount[] = [];
  epoch = 1;
  crashBeforeMark = false;
  readonly #originId = uuidv7();
  readonly #totals = new Map<string, Total>();
  #change = 0;

  /** Counts a hit, and keeps an entry with the given types if there are any. */
  hit(bucket: Bucket, header?: EntryHeader): void {
    const id = bucketId(bucket);
    this.#change += 1;
    const { hits = 0, closed = new Map() } = this.#totals.get(id) ?? {};
    this.#totals.set(id, { bucket, hits: hits + 1, change: this.#change, closed });
    if (header) this.kept.set(header.entryId, { header, state: 'pending', receipts: [] });
  }

  approve(demandId: string, approval: StoredDemand['approval']): void {
    this.demandsKept = this.demandsKept.map((stored) =>
      stored.demand.terms.id === demandId && approval ? { ...stored, approval } : stored,
    );
  }

  states(): readonly string[] {
    return [...this.kept.values()].map(({ state }) => state);
  }

  readonly identity: SiteStore['identity'] = {
    epochs: async () => [
      ...new Set([...this.#totals.values()].flatMap(({ closed }) => [...closed.keys()])),
      this.epoch,
    ],
    origin: async (): Promise<Origin> => ({ id: this.#originId, epoch: this.epoch }),
    openEpoch: async () => {
      for (const total of this.#totals.values()) {
        total.closed.set(this.epoch, total.hits);
        total.hits = 0;
      }
      this.epoch += 1;
      return this.identity.origin();
    },
  };

  readonly hits: SiteStore['hits'] = {
    changedSince: async (cursor, limit, epoch = this.epoch) => {
      const page = [...this.#totals.values()]
        .filter(({ change }) => change > cursor)
        .sort((a, b) => a.change - b.change)
        .slice(0, limit);
      const totals = page.map((total) => ({
        bucket: total.bucket,
        hits: epoch === this.epoch ? total.hits : (total.closed.get(epoch) ?? 0),
      }));
      return { totals, cursor: page.at(-1)?.change ?? cursor };
    },
  };

  readonly entries: SiteStore['entries'] = {
    pending: () => this.#pending(),
    read: async (entryId) => {
      const entry = this.kept.get(entryId);
      return entry && { entry, parts: (types) => this.#parts(entry, types) };
    },
    mark: async (entryId, receipt) => {
      if (this.crashBeforeMark) throw new Error('killed before the mark');
      this.diary.push(`mark ${entryId}`);
      const entry = this.kept.get(entryId);
      entry?.receipts.push(receipt);
      if (entry) entry.state = 'uploaded';
    },
  };

  async *#pending(): AsyncGenerator<HeldEntry> {
    for (const entry of [...this.kept.values()].filter(({ state }) => state === 'pending')) {
      this.diary.push(`load ${entry.header.entryId}`);
      yield entry;
    }
  }

  async *#parts({ header }: Kept, types?: readonly string[]): AsyncGenerator<PartContent> {
    for (const part of header.parts.filter(({ type }) => types?.includes(type) ?? true)) {
      const whole = contentOf(header.entryId, part.type);
      // In two chunks, so that nothing relies on a part being one.
      async function* content() {
        yield whole.subarray(0, 10);
        yield whole.subarray(10);
      }
      yield { part, content: content() };
    }
  }

  readonly demands: SiteStore['demands'] & IntakeStore['demands'] = {
    list: async () => this.demandsKept,
    replace: async (
      source: string,
      demands: readonly SignedDemand[],
      quotas: readonly Quota[],
      at: number,
    ) => {
      const listed = new Set(demands.map(({ terms }) => terms.id));
      const old = new Map(this.demandsKept.map((stored) => [stored.demand.terms.id, stored]));
      this.demandsKept = [
        ...this.demandsKept
          .filter((stored) => !listed.has(stored.demand.terms.id))
          .map((stored) =>
            stored.source === source && !stored.closedAt ? { ...stored, closedAt: at } : stored,
          ),
        ...demands.map((demand): StoredDemand => {
          const approval = old.get(demand.terms.id)?.approval;
          return { demand, source, seenAt: at, ...(approval ? { approval } : {}) };
        }),
      ];
      this.quotasKept = quotas;
      this.diary.push('replace');
    },
    credits: async () => this.creditsKept,
  };

  readonly quotas: SiteStore['quotas'] = {
    replace: async (_source, bucketIds, quotas) => {
      this.quotasKept = [...this.quotasKept.filter(({ bucketId: id }) => !bucketIds.includes(id)), ...quotas];
      this.diary.push('quote');
    },
    list: async (id?: string) =>
      this.quotasKept.filter(({ bucketId }) => id === undefined || bucketId === id),
  };

  readonly queries: SiteStore['queries'] & IntakeStore['queries'] = {
    bucket: async (id) => this.#totals.get(id),
    entries: async (filter) => ({
      rows: [...this.kept.values()]
        .filter(({ header }) => bucketId(header.bucket) === filter?.bucketId)
        .map(({ header, state }): HoldingRow => ({ state, types: header.parts.map(({ type }) => type) })),
    }),
  };

  readonly settings: SiteStore['settings'] = {
    read: async (name) => this.settingsKept.get(name),
    write: async (name, value) => {
      this.settingsKept.set(name, value);
      this.diary.push('settle');
    },
    delete: async (names) => {
      for (const name of names) this.settingsKept.delete(name);
    },
  };
}
