import { type Bucket, bucketId } from '@fr/bucket';
import {
  decodeLeaseRequest,
  decodeOffer,
  type EntryHeader,
  type frameSize,
  type HeldTotal,
  type LeaseReply,
  type Offer,
  type OfferReply,
  readFrame,
} from '@fr/protocol';
import { decodeMessage, decompress } from '@fr/protocol/wire';
import {
  answerLeases,
  answerOffer,
  type CreditCount,
  closeMetDemands,
  type Destination,
  type LeaseDesk,
  type StoredDemand,
  SyncError,
  type UploadResult,
  type VendorDefault,
  type VendorStore,
  vendorGate,
} from '@fr/sync';
import { NOW, vendorKey } from './fixture.ts';

/** A vendor's store in memory, to the ports. */
export class MemoryVendor implements VendorStore {
  readonly totals = new Map<string, { readonly origin: string; readonly bucket: Bucket; hits: number }>();
  demandsKept: StoredDemand[] = [];
  readonly creditsKept = new Map<string, CreditCount>();
  readonly entries = new Map<
    string,
    { readonly header: EntryHeader; readonly frame: Buffer; readonly digest: string }
  >();

  readonly hits: VendorStore['hits'] = {
    merge: async (origin, totals) =>
      totals.map(({ bucket, hits }): HeldTotal => {
        const key = `${origin.id} ${origin.epoch} ${bucketId(bucket)}`;
        const known = this.totals.get(key) ?? { origin: origin.id, bucket, hits: 0 };
        known.hits = Math.max(known.hits, hits);
        this.totals.set(key, known);
        return { bucketId: bucketId(bucket), hits: known.hits };
      }),
  };

  readonly demands: VendorStore['demands'] = {
    list: async () => this.demandsKept,
    put: async (stored) => {
      const others = this.demandsKept.filter(({ demand }) => demand.terms.id !== stored.demand.terms.id);
      this.demandsKept = [stored, ...others];
    },
    credits: async (of) =>
      [...this.creditsKept.values()].filter(
        ({ demandId, scope }) =>
          of?.some((place) => place.demandId === demandId && place.scope === scope) ?? true,
      ),
  };

  readonly settingsKept = new Map<string, unknown>();
  readonly settings: VendorStore['settings'] = {
    read: async (name) => this.settingsKept.get(name),
    write: async (name, value) => {
      this.settingsKept.set(name, value);
    },
    delete: async (names) => {
      for (const name of names) this.settingsKept.delete(name);
    },
  };

  /** Small, so that whoever forgets to turn the page is seen. */
  pageSize = 2;

  readonly queries: VendorStore['queries'] = {
    buckets: async ({ originId, bucketId: wanted, limit = 100, after = '0' } = {}) => {
      const seen = [...this.totals].filter(([, { origin }]) => origin === originId || originId === undefined);
      const byId = new Map(seen.map(([key, total]) => [key.split(' ')[2] ?? '', total]));
      const rows = [...byId]
        .map(([id, { bucket, hits }]) => ({ bucketId: id, bucket, hits }))
        .filter((row) => wanted === undefined || row.bucketId === wanted);
      const end = Number(after) + Math.min(this.pageSize, limit);
      return { rows: rows.slice(Number(after), end), ...(end < rows.length ? { next: String(end) } : {}) };
    },
  };
}

/** A vendor in this process, as a destination that writes down everything that arrives. */
export class RecordingDestination implements Destination {
  readonly vendor: MemoryVendor;
  readonly defaults: VendorDefault | undefined;
  readonly diary: string[];
  readonly offers: Offer[] = [];
  /** Messages as they came, their packing undone: what is looked for in them need not be what a decoder knows. */
  readonly messages: Buffer[] = [];
  readonly frames: Buffer[] = [];
  readonly bytes = { header: 0, payload: 0 };
  now: number = NOW;
  /** Changes a reply on its way, as a hostile or broken vendor would. */
  tamper: (reply: OfferReply) => OfferReply = (reply) => reply;
  /** Called before an upload's bytes are read. */
  beforeUpload: () => void | Promise<void> = () => undefined;
  /** Called when an upload is stored and before the site hears of it. */
  afterStored: () => void = () => undefined;
  dead = false;
  /** Set for a vendor that gives leases. */
  leases: LeaseDesk | undefined;
  readonly caller: string;
  readonly origins = new Set<string>();

  constructor(vendor: MemoryVendor, diary: string[] = [], defaults?: VendorDefault, caller = 'site') {
    this.caller = caller;
    this.vendor = vendor;
    this.diary = diary;
    this.defaults = defaults;
  }

  /** All that can be read in what came. */
  text(): string {
    return Buffer.concat([...this.messages, ...this.frames]).toString('latin1');
  }

  #alive(): void {
    if (this.dead) throw new SyncError('unreachable', 'nobody is there', { nothingLeft: true });
  }

  async offer(
    _offer: Offer,
    body: Uint8Array,
    { encoding }: { readonly encoding?: 'gzip' | undefined } = {},
  ): Promise<OfferReply> {
    this.#alive();
    const plain = await decompress(body, encoding);
    this.messages.push(Buffer.from(plain));
    const offer = decodeOffer(decodeMessage(plain, 'msgpack'));
    this.offers.push(offer);
    this.origins.add(offer.origin.id);
    this.diary.push(`offer ${offer.buckets.length + (offer.numbered?.length ?? 0)}`);
    this.bytes.header += body.byteLength;
    const { vendor, now, defaults } = this;
    const reply = await answerOffer({
      store: vendor,
      key: vendorKey,
      offer,
      now,
      ...(defaults ? { defaults } : {}),
      ...this.#leasing(),
    });
    return this.tamper(reply);
  }

  #leasing(): { readonly leasing?: { readonly desk: LeaseDesk; readonly caller: string } } {
    return this.leases ? { leasing: { desk: this.leases, caller: this.caller } } : {};
  }

  async lease(_request: unknown, body: Uint8Array): Promise<LeaseReply> {
    this.#alive();
    this.messages.push(Buffer.from(body));
    const request = decodeLeaseRequest(decodeMessage(body, 'msgpack'));
    const { leasing } = this.#leasing();
    if (!leasing) throw new Error('a vendor without leases was asked for some');
    this.diary.push(`lease ${request.asks.map(({ for: what, count }) => `${what} ${count}`).join(', ')}`);
    this.bytes.header += body.byteLength;
    return await answerLeases({
      store: this.vendor,
      leasing,
      originIds: [...this.origins],
      request,
      now: this.now,
    });
  }

  async upload(
    header: EntryHeader,
    size: ReturnType<typeof frameSize>,
    frame: AsyncIterable<Uint8Array>,
    {
      fences = [],
      signal,
    }: { readonly fences?: readonly number[]; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<UploadResult> {
    await this.beforeUpload();
    this.#alive();
    if (signal?.aborted) throw new SyncError('aborted', 'ended', { nothingLeft: true });
    if (fences.some((fence) => !this.leases?.find(fence))) return { result: 'unleased' };
    const chunks: Uint8Array[] = [];
    for await (const chunk of frame) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    this.frames.push(whole);
    this.diary.push(`upload ${header.entryId} ${header.parts.map(({ type }) => type).join('+')}`);
    const result = await this.#store(whole, fences);
    if (result.result === 'stored') this.leases?.spend(fences);
    if (whole.byteLength !== size.headerBytes + size.payloadBytes) throw new Error('the size is wrong');
    this.bytes.header += size.headerBytes;
    this.bytes.payload += size.payloadBytes;
    this.afterStored();
    return result;
  }

  async #store(whole: Buffer, fences: readonly number[]): Promise<UploadResult> {
    let header: EntryHeader | undefined;
    let digest = '';
    async function* once() {
      yield whole;
    }
    for await (const piece of readFrame(once())) {
      if (piece.kind === 'header') header = piece.header;
      if (piece.kind === 'end') digest = piece.digest;
    }
    if (!header) throw new Error('no header');
    const known = this.vendor.entries.get(header.entryId);
    if (known) return { result: 'duplicate', digest: known.digest };
    const originIds = [...this.origins];
    const verdict = await vendorGate({
      store: this.vendor,
      originIds,
      now: this.now,
      fences,
      ...this.#leasing(),
    })(header);
    if (!verdict.admit) return { result: verdict.reason === 'lease-needed' ? 'unleased' : 'not-needed' };
    for (const { demandId, scope, type } of verdict.credits) {
      const key = `${demandId} ${scope} ${type}`;
      const accepted = (this.vendor.creditsKept.get(key)?.accepted ?? 0) + 1;
      this.vendor.creditsKept.set(key, { demandId, scope, type, accepted });
    }
    this.vendor.entries.set(header.entryId, { header, frame: whole, digest });
    await closeMetDemands({ store: this.vendor, now: this.now });
    return { result: 'stored', digest };
  }
}
