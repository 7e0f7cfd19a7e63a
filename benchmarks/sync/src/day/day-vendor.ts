import { bucketId } from '@fr/bucket';
import { decodeLeaseRequest, decodeOffer, type HeldTotal } from '@fr/protocol';
import { generateSigningKey, type SigningKey } from '@fr/protocol/signature';
import { compress, decodeMessage, decompress, encodeMessage } from '@fr/protocol/wire';
import {
  answerLeases,
  answerOffer,
  type CreditCount,
  createLeaseDesk,
  type Destination,
  type StoredDemand,
  type VendorStore,
  vendorGate,
} from '@fr/sync';

type Row = Awaited<ReturnType<VendorStore['queries']['buckets']>>['rows'][number];

/** What went over the wire of a day, from sites to the vendor and back. Bodies only. */
export interface Traffic {
  requests: number;
  offers: number;
  offerBytes: number;
  /** Buckets in offers: each is a changed bucket of one site in one window. */
  changes: number;
  /** Of these, told in full. */
  full: number;
  leaseBytes: number;
  entries: number;
  headerBytes: number;
  payloadBytes: number;
  replyBytes: number;
  refused: number;
}

/** The vendor of a day: the real half of the conversation over the least store that carries it. */
export class DayVendor implements VendorStore {
  readonly key: SigningKey = generateSigningKey();
  readonly traffic: Traffic = {
    requests: 0,
    offers: 0,
    offerBytes: 0,
    changes: 0,
    full: 0,
    leaseBytes: 0,
    entries: 0,
    headerBytes: 0,
    payloadBytes: 0,
    replyBytes: 0,
    refused: 0,
  };
  readonly now: () => number;
  readonly #desk: ReturnType<typeof createLeaseDesk>;
  readonly #rows = new Map<string, Map<string, Row & { hits: number }>>();
  readonly #demands = new Map<string, StoredDemand>();
  readonly #credits = new Map<string, readonly CreditCount[]>();
  readonly #settings = new Map<string, unknown>();

  constructor(now: () => number) {
    this.now = now;
    this.#desk = createLeaseDesk({ now, elapsed: now, random: () => 0 });
  }

  get total(): number {
    return [...this.#rows.values()]
      .flatMap((rows) => [...rows.values()])
      .reduce((sum, { hits }) => sum + hits, 0);
  }

  /** Samples accepted above a demand's count; there must be none. */
  get aboveAsked(): number {
    return [...this.#credits.values()].flat().filter(({ demandId, type, accepted }) => {
      const { types } = this.#demands.get(demandId)?.demand.terms ?? { types: [] };
      return accepted > (types.find((wanted) => wanted.type === type)?.count ?? 0);
    }).length;
  }

  readonly hits: VendorStore['hits'] = {
    merge: async ({ id: origin }, totals) => {
      const rows = this.#rows.get(origin) ?? new Map<string, Row & { hits: number }>();
      this.#rows.set(origin, rows);
      return totals.map(({ bucket, hits }): HeldTotal => {
        const id = bucketId(bucket);
        const held = Math.max(rows.get(id)?.hits ?? 0, hits);
        rows.set(id, { bucketId: id, bucket, hits: held });
        return { bucketId: id, hits: held };
      });
    },
  };

  readonly demands: VendorStore['demands'] = {
    put: async (stored) => {
      this.#demands.set(stored.demand.terms.id, stored);
    },
    list: async () => [...this.#demands.values()],
    credits: async (of) =>
      of
        ? of.flatMap(({ demandId, scope }) => this.#credits.get(`${demandId} ${scope}`) ?? [])
        : [...this.#credits.values()].flat(),
  };

  readonly settings: VendorStore['settings'] = {
    read: async (name) => this.#settings.get(name),
    write: async (name, value) => {
      this.#settings.set(name, value);
    },
    delete: async (names) => {
      for (const name of names) this.#settings.delete(name);
    },
  };

  readonly queries: VendorStore['queries'] = {
    buckets: async ({ originId = '', bucketId: wanted } = {}) => {
      const rows = this.#rows.get(originId);
      const one = wanted === undefined ? undefined : rows?.get(wanted);
      if (wanted !== undefined) return { rows: one ? [one] : [] };
      return { rows: rows ? [...rows.values()] : [] };
    },
  };

  /** The way from one site to here. */
  destination(site: string): Destination {
    const { traffic, key } = this;
    const leasing = { desk: this.#desk, caller: site };
    const now = this.now;
    return {
      offer: async (_offer, body, { encoding } = {}) => {
        const offer = decodeOffer(decodeMessage(await decompress(body, encoding), 'msgpack'));
        traffic.requests += 1;
        traffic.offers += 1;
        traffic.offerBytes += body.byteLength;
        traffic.full += offer.buckets.length;
        traffic.changes += offer.buckets.length + (offer.numbered?.length ?? 0);
        const reply = await answerOffer({ store: this, key, offer, now: now(), leasing });
        traffic.replyBytes += compress(encodeMessage(reply, 'msgpack')).bytes.byteLength;
        return reply;
      },
      lease: async (_request, body) => {
        const request = decodeLeaseRequest(decodeMessage(body, 'msgpack'));
        traffic.requests += 1;
        traffic.leaseBytes += body.byteLength;
        const reply = await answerLeases({ store: this, leasing, originIds: [site], request, now: now() });
        traffic.replyBytes += encodeMessage(reply, 'msgpack').byteLength;
        return reply;
      },
      upload: async (header, size, frame, { fences = [] } = {}) => {
        let last: Uint8Array = new Uint8Array();
        for await (const chunk of frame) last = chunk;
        traffic.requests += 1;
        traffic.headerBytes += size.headerBytes;
        traffic.payloadBytes += size.payloadBytes;
        const gate = vendorGate({ store: this, originIds: [site], now: now(), leasing, fences });
        const verdict = await gate(header);
        if (!verdict.admit) {
          traffic.refused += 1;
          return { result: 'not-needed' };
        }
        traffic.entries += 1;
        for (const { demandId, scope, type } of verdict.credits) {
          const name = `${demandId} ${scope}`;
          const counts = this.#credits.get(name) ?? [];
          const accepted = (counts.find((count) => count.type === type)?.accepted ?? 0) + 1;
          const others = counts.filter((count) => count.type !== type);
          this.#credits.set(name, [...others, { demandId, scope, type, accepted }]);
        }
        this.#desk.spend(fences);
        return { result: 'stored', digest: Buffer.from(last).toString('latin1').trimEnd() };
      },
    };
  }
}
