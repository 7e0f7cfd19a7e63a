/**
 * One pass over so many pending entries, in 1,000 buckets, of which the vendor wants two stacks each; prints what of it was in
 * memory. The store makes an entry when it is asked for it. `held`: all headers at once, to see that it would be noticed.
 * `carried`: a bundle instead of a pass; the last argument is the number of buckets. `brought`: that bundle, with two entries of
 * every bucket, taken in by a vendor.
 *
 *     node --conditions=@fr/source --max-old-space-size=64 test/support/many-entries.ts 1000000
 *     node --conditions=@fr/source --expose-gc test/support/many-entries.ts 300000 carried 100000
 *     node --conditions=@fr/source --expose-gc test/support/many-entries.ts 200000 brought 100000
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bucket, bucketId } from '@fr/bucket';
import {
  describePart,
  type EntryHeader,
  type Offer,
  type OfferReply,
  type Quota,
  readFrame,
} from '@fr/protocol';
import { generateSigningKey, issueToken, tokenHash } from '@fr/protocol/signature';
import {
  DEFAULT_POLICY,
  type Destination,
  exportBundle,
  type HeldEntry,
  importBundle,
  type LedgerRecord,
  type PassOptions,
  runPass,
  SentSamples,
  type SiteStore,
  type StoredDemand,
} from '@fr/sync';
import { bucketOf, contentOf, demandOf, NOW, VENDOR, vendorKey } from '../fixture.ts';

const [count = 1_000, how = 'streamed'] = [Number(process.argv[2] ?? 1_000), process.argv[3]];
const BUCKETS = Number(process.argv[4] ?? 1_000);
const TYPES = ['stack', 'environment', 'breadcrumbs', 'packages', 'source-context'];
const buckets: readonly Bucket[] = Array.from({ length: BUCKETS }, (_, place) =>
  bucketOf('shop', `src/part-${place}.js#handle`),
);
const places = new Map(buckets.map((bucket, place) => [bucketId(bucket), place]));
const uploaded = new Set<string>();
let mostInUse = 0;

function idOf(place: number): string {
  return `01920000-0000-7000-8000-${place.toString(16).padStart(12, '0')}`;
}

const parts = TYPES.map((type) => describePart(type, 'text/plain', contentOf('any', type)));

/** Read anew each time, as from a disk. */
function headerOf(entryId: string): EntryHeader {
  const bucket = buckets[Number.parseInt(entryId.slice(-12), 16) % BUCKETS];
  const demands = ['site-default'];
  return JSON.parse(
    JSON.stringify({ entryId, reportId: entryId, bucket, outcome: 'fatal', at: NOW, demands, parts }),
  ) as EntryHeader;
}

/** What is in use, where `--expose-gc` lets it be told from what was. */
function look(): void {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  mostInUse = Math.max(mostInUse, heapUsed + external);
}

async function* streamed(): AsyncGenerator<HeldEntry> {
  for (let place = 0; place < count; place += 1) {
    if (place % 10_000 === 0) look();
    const header = headerOf(idOf(place));
    if (!uploaded.has(header.entryId)) yield { header, state: 'pending', receipts: [] };
  }
}

async function* held(): AsyncGenerator<HeldEntry> {
  const all: HeldEntry[] = [];
  for await (const entry of streamed()) all.push(entry);
  yield* all;
}

const settings = new Map<string, unknown>();
let demands: readonly StoredDemand[] = [];
const quotas = new Map<string, readonly Quota[]>();
const store: SiteStore = {
  identity: {
    origin: async () => ({ id: idOf(0), epoch: 1 }),
    openEpoch: () => Promise.reject(new Error('no disk was restored')),
    epochs: async () => [1],
  },
  hits: {
    changedSince: async (cursor, limit) => {
      const totals = buckets.slice(cursor, cursor + limit).map((bucket) => ({ bucket, hits: 7 }));
      return { totals, cursor: cursor + totals.length };
    },
  },
  entries: {
    pending: how === 'held' ? held : streamed,
    read: async (entryId) => {
      const header = headerOf(entryId);
      const wanted = (types?: readonly string[]) =>
        header.parts.filter(({ type }) => types?.includes(type) ?? true);
      return {
        entry: { header, state: 'pending', receipts: [] },
        parts: async function* (types?: readonly string[]) {
          for (const part of wanted(types)) yield { part, content: contentOf('any', part.type) };
        },
      };
    },
    mark: async (entryId) => void uploaded.add(entryId),
  },
  demands: {
    list: async () => demands,
    replace: async (source, listed, _quotas, seenAt) => {
      demands = listed.map((demand) => ({ demand, source, seenAt }));
    },
  },
  quotas: {
    list: async (id) => (id === undefined ? [] : (quotas.get(id) ?? [])),
    replace: async (_source, ids, said) => {
      const byBucket = Map.groupBy(said, (quota) => quota.bucketId);
      for (const id of ids) quotas.set(id, byBucket.get(id) ?? []);
    },
  },
  queries: {
    bucket: async (id) => {
      const bucket = buckets[places.get(id) ?? -1];
      return bucket && { bucket };
    },
    entries: async () => ({ rows: [{ state: 'pending', types: TYPES }] }),
  },
  settings: {
    read: async (name) => settings.get(name),
    write: async (name, value) => void settings.set(name, value),
    delete: async (names) => {
      for (const name of names) settings.delete(name);
    },
  },
};

const asked = demandOf([{ type: 'stack', count: 2 }], { pattern: { program: 'shop' } });
const destination: Destination = {
  offer: async (offer: Offer): Promise<OfferReply> => {
    const wanted = offer.buckets.map(({ bucket }) => bucketId(bucket));
    return {
      key: vendorKey.publicKey,
      demands: [asked],
      quotas: wanted.map((id) => ({ demandId: asked.terms.id, bucketId: id, type: 'stack', count: 2 })),
      ...(offer.mark && { mark: offer.mark }),
    };
  },
  lease: () => Promise.reject(new Error('nobody gives leases here')),
  upload: async (_header, _size, frame) => {
    let last: Uint8Array = new Uint8Array();
    for await (const chunk of frame) last = chunk;
    return { result: 'stored', digest: Buffer.from(last).toString('latin1').trimEnd() };
  },
};

const sent = new SentSamples();
let seq = 0;
const ledger: PassOptions['ledger'] = {
  sent,
  append: async (event) => {
    seq += 1;
    const record: LedgerRecord = { seq, ...event };
    sent.note(record);
    return record;
  },
};

let startedAt = 0;
let inUseBefore = 0;
let rssBefore = 0;

/** What is in use from now on is looked at. */
function begin(): void {
  startedAt = performance.now();
  mostInUse = 0;
  look();
  [inUseBefore, rssBefore] = [mostInUse, process.resourceUsage().maxRSS];
}

begin();
const summary = how === 'streamed' || how === 'held' ? await pass() : await carry();

async function pass() {
  return await runPass({
    ...{ store, destination, ledger, policy: DEFAULT_POLICY, programs: ['shop'], to: VENDOR },
    ...{ pinned: vendorKey.keyId, now: () => NOW },
  });
}

/** What a reply has asked for: a stack of each of 1,000 buckets, so that what grows is not what was sent; or two of all. */
async function carry() {
  demands = [{ demand: asked, source: VENDOR, seenAt: NOW }];
  const said = (id: string): Quota => {
    const count = how === 'brought' ? 2 : (places.get(id) ?? 0) < 1_000 ? 1 : 0;
    return { demandId: asked.terms.id, bucketId: id, type: 'stack', count };
  };
  store.quotas.list = async (id) => (id === undefined ? [...places.keys()].map(said) : [said(id)]);
  const folder = await mkdtemp(join(tmpdir(), 'fr-carried-'));
  const [file, hash] = [join(folder, 'bundle'), tokenHash(issueToken('frs', vendorKey.keyId))];
  const { entries, buckets: told } = await exportBundle({
    ...{ store, ledger, policy: DEFAULT_POLICY, programs: ['shop'], to: VENDOR, now: () => NOW },
    ...{ key: generateSigningKey(), hash, bundleId: idOf(1), file },
  });
  look();
  if (how === 'brought') await bring(file, hash);
  await rm(folder, { recursive: true });
  return { entries: told, uploaded: entries, failure: undefined };
}

/** A vendor that keeps nothing: what is in memory is the import's. */
async function bring(file: string, hash: string): Promise<void> {
  begin();
  let taken = 0;
  const keys = new Map<string, readonly string[]>();
  await importBundle({
    file,
    store: {
      hits: { merge: async (_, totals) => totals.map(({ hits }) => ({ bucketId: '', hits })) },
      demands: { list: async () => [], put: async () => undefined, credits: async () => [] },
      queries: { buckets: async () => ({ rows: [] }) },
      settings: store.settings,
    },
    sites: [{ name: 'north', hash }],
    siteKeys: { of: async (of) => keys.get(of) ?? [], pin: async (of, pinned) => void keys.set(of, pinned) },
    origins: { note: async () => undefined, of: async () => [idOf(0)] },
    add: async (frame) => {
      for await (const piece of readFrame(frame)) {
        if (piece.kind !== 'header') continue;
        taken += 1;
        if (taken % 10_000 === 0) look();
        const { header } = piece;
        const digest = `sha256:${header.entryId.slice(-4).repeat(16)}`;
        const entry = { header, state: 'pending', receipts: [], digest, bytes: 0, storedAt: NOW } as const;
        return { result: 'stored', entry };
      }
      return { result: 'refused', reason: 'malformed' };
    },
    now: () => NOW,
  });
  look();
}

const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);
look();
process.stdout.write(
  `${JSON.stringify({
    entries: summary.entries,
    uploaded: summary.uploaded,
    failure: summary.failure?.message,
    inUseMiB: mib(mostInUse - inUseBefore),
    residentMiB: mib((process.resourceUsage().maxRSS - rssBefore) * 1024),
    seconds: Math.round((performance.now() - startedAt) / 1000),
  })}\n`,
);
