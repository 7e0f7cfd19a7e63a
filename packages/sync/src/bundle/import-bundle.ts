/**
 * A site's bundle at the vendor, and the reply to it. The bundle is checked whole before any of it counts. Totals are
 * absolute and merged by the larger one, entries are taken once by their id, so bundles may come in whatever order and as
 * often as one likes.
 * @module
 */
import { bucketId } from '@fr/bucket';
import {
  type BundleHead,
  type CarriedReceipt,
  type EntryHeader,
  ProtocolError,
  type Quota,
  type SignedVendorAnswer,
} from '@fr/protocol';
import { presentKey, type SigningKey, siteMark } from '@fr/protocol/signature';
import type { StoredDemand } from '../demand/stored-demand.ts';
import type { EntryGate, EntryVerdict } from '../entry-gate.ts';
import { ensureDefault } from '../vendor/answer-offer.ts';
import { closeMetDemands } from '../vendor/own-demand.ts';
import { acceptedFrom, openOwnDemands, remainingOf } from '../vendor/remaining.ts';
import { DEFAULT_VENDOR_DEMAND } from '../vendor/vendor-default.ts';
import { vendorGate } from '../vendor/vendor-gate.ts';
import type { VendorStore } from '../vendor/vendor-store.ts';
import { checkWhole, readWhole, writeBundle, writeItems } from './bundle-file.ts';
import { checkRecords, takeRecords } from './bundle-records.ts';
import { refusedBundle } from './bundle-refusal.ts';
import { STANDING_PREFIX } from './standing.ts';

/** A site whose token is in force. */
export interface EnrolledSite {
  readonly name: string;
  /** Hash of its token. */
  readonly hash: string;
}

/** What taking a bundle in works with. */
export interface ImportBundleOptions {
  readonly file: string;
  readonly store: VendorStore;
  readonly sites: readonly EnrolledSite[];
  /**
   * By the token's hash, fingerprints of the key with which this site's first bundle was signed and of those that took its
   * place, oldest first; none before the first.
   */
  readonly siteKeys: {
    of(hash: string): Promise<readonly string[]>;
    pin(hash: string, known: readonly string[]): Promise<void>;
  };
  /** The origins a site has spoken as. */
  readonly origins: {
    note(site: string, originId: string): Promise<void>;
    of(site: string): Promise<readonly string[]>;
  };
  /** Stores a frame that the gate admits; the vendor's store fits by shape. */
  readonly add: (
    frame: AsyncIterable<Uint8Array>,
    gate: EntryGate,
    receivedAt: number,
  ) => Promise<
    | {
        readonly result: 'stored' | 'duplicate';
        readonly entry: { readonly digest: string; readonly header: EntryHeader };
      }
    | { readonly result: 'refused'; readonly reason: string }
  >;
  readonly now: () => number;
}

/** What a bundle came to. */
export interface BundleSummary {
  readonly bundleId: string;
  readonly site: string;
  readonly origin: BundleHead['origin'];
  readonly buckets: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly notNeeded: number;
  readonly refused: number;
}

/** What the reply to it is made from. */
export interface TakenBundle {
  readonly summary: BundleSummary;
  readonly head: BundleHead;
  readonly site: EnrolledSite;
  readonly receipts: readonly CarriedReceipt[];
}

/** A bundle that was longer on its way is refused: the totals of its origin may have been let go since. */
const MAX_AGE_MS = 400 * 24 * 60 * 60 * 1000;
const CLOCK_TOLERANCE_MS = 24 * 60 * 60 * 1000;

/** Takes a bundle in. Throws `bad-bundle` with the reason, and then nothing has changed. */
export async function importBundle(options: ImportBundleOptions): Promise<TakenBundle> {
  const { file, store, origins, now } = options;
  const { head, site } = await checkOffer(options);
  await origins.note(site.name, head.origin.id);
  const counts = { buckets: 0, stored: 0, duplicates: 0, notNeeded: 0, refused: 0 };
  const receipts: CarriedReceipt[] = [];
  await takeRecords(file, {
    totals: async (totals) => {
      const told = totals.map(({ bucket, hits }) => ({ bucket, hits }));
      await store.hits.merge(head.origin, told, now());
      counts.buckets += totals.length;
    },
    entry: async (frame) => {
      const receipt = await take(options, site, frame);
      if (!receipt) {
        counts.refused += 1;
        return;
      }
      receipts.push(receipt);
      counts[COUNTED[receipt.result]] += 1;
    },
  });
  await closeMetDemands({ store, now: now() });
  const summary = { bundleId: head.bundleId, site: site.name, origin: head.origin, ...counts };
  return { summary, head, site, receipts };
}

const COUNTED = {
  stored: 'stored',
  duplicate: 'duplicates',
  'not-needed': 'notNeeded',
  refused: 'refused',
} as const;

async function checkOffer({
  file,
  sites,
  siteKeys,
  now,
}: ImportBundleOptions): Promise<{ readonly head: BundleHead; readonly site: EnrolledSite }> {
  const whole = await readWhole(file);
  const { head } = whole;
  if (head.kind !== 'offer')
    throw refusedBundle(
      'wrong-way',
      'this is a reply: a vendor wrote it, and it goes to the site (`fr-admin import`)',
    );
  const site = sites.find(({ hash }) => siteMark(hash) === head.site);
  if (!site)
    throw refusedBundle('unknown-site', 'no site that is enrolled here wrote it (or its token was revoked)');
  const before = await siteKeys.of(site.hash);
  const known = checkWhole(whole, { known: before, hash: site.hash });
  if (head.at < now() - MAX_AGE_MS) throw refusedBundle('too-old', 'it is older than 400 days');
  if (head.at > now() + CLOCK_TOLERANCE_MS)
    throw refusedBundle('from-the-future', 'it comes from the future; look at the clocks');
  await checkRecords(file);
  if (known.join() !== before.join()) await siteKeys.pin(site.hash, known);
  return { head, site };
}

/** One entry; nothing where it is so broken that it has not even an id. */
async function take(
  { store, origins, add, now }: ImportBundleOptions,
  site: EnrolledSite,
  frame: AsyncIterable<Uint8Array>,
): Promise<CarriedReceipt | undefined> {
  let entryId: string | undefined;
  const originIds = await origins.of(site.name);
  const asked = vendorGate({ store, originIds, now: now() });
  const gate: EntryGate = async (header) => {
    entryId = header.entryId;
    const verdict = await asked(header);
    return verdict.admit ? verdict : (volunteered(header, site) ?? verdict);
  };
  try {
    const added = await add(frame, gate, now());
    if (added.result !== 'refused') {
      const { digest, header } = added.entry;
      return { entryId: header.entryId, result: added.result, digest };
    }
    if (entryId === undefined) return undefined;
    if (added.reason === 'not-needed') return { entryId, result: 'not-needed' };
    return { entryId, result: 'refused', reason: added.reason };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return entryId === undefined ? undefined : { entryId, result: 'refused', reason: error.code };
  }
}

/** Samples of each type and bucket that a site may send without being asked. */
const MOST_VOLUNTEERED = 100;

/** What a site sends by a standing demand of its own is taken, up to a bound: a person there has written that it be sent. */
function volunteered({ bucket, demands, parts }: EntryHeader, site: EnrolledSite): EntryVerdict | undefined {
  const demandId = demands.find((id) => id.startsWith(STANDING_PREFIX));
  if (demandId === undefined) return undefined;
  const scope = `${site.name} ${bucketId(bucket)}`;
  const credits = parts.map(({ type }) => ({ demandId, scope, type, limit: MOST_VOLUNTEERED }));
  return { admit: true, credits };
}

/** What a reply is written with. */
export interface ReplyOptions {
  readonly file: string;
  readonly store: VendorStore;
  readonly key: SigningKey;
  /** A UUID. */
  readonly bundleId: string;
  readonly answers: readonly SignedVendorAnswer[];
  readonly now: number;
}

/** Writes the reply to a bundle: receipts, what is wanted of its origin now, and what may be told there. Its length in bytes. */
export async function writeReply(options: ReplyOptions, taken: TakenBundle): Promise<number> {
  const { file, store, key, bundleId, answers, now } = options;
  await ensureDefault(store, key, DEFAULT_VENDOR_DEMAND, now);
  const open = openOwnDemands(await store.demands.list(), now, DEFAULT_VENDOR_DEMAND.id);
  const head: BundleHead = {
    bundleId,
    kind: 'reply',
    ...presentKey(key),
    site: siteMark(taken.site.hash),
    origin: taken.head.origin,
    at: now,
    inReplyTo: taken.head.bundleId,
  };
  return await writeBundle(file, head, { key, hash: taken.site.hash }, async (sink) => {
    await writeItems(sink, 'receipts', taken.receipts);
    const told = new Set<string>();
    for await (const quotas of quotasOf(store, taken.head.origin.id, open, told))
      await writeItems(sink, 'quotas', quotas);
    const demands = open.filter(({ demand }) => told.has(demand.terms.id));
    await writeItems(
      sink,
      'demands',
      demands.map(({ demand }) => demand),
    );
    await writeItems(sink, 'answers', answers);
  });
}

/** What is still wanted of every bucket of an origin, page by page; notes the demands that speak of any. */
async function* quotasOf(
  store: VendorStore,
  originId: string,
  open: readonly StoredDemand[],
  told: Set<string>,
): AsyncGenerator<readonly Quota[]> {
  const accepted = acceptedFrom(await store.demands.credits());
  let after: string | undefined;
  do {
    const page = await store.queries.buckets({ originId, limit: 1_000, ...(after ? { after } : {}) });
    const wanted = page.rows.flatMap((row) =>
      remainingOf(open, row, accepted).map(({ stored, type, count }) => ({
        demandId: stored.demand.terms.id,
        bucketId: row.bucketId,
        type,
        count,
      })),
    );
    for (const { demandId } of wanted) told.add(demandId);
    // With those that are met: of what nothing is said, a site takes what was signed.
    yield wanted;
    after = page.next;
  } while (after !== undefined);
}
