/**
 * What a pass does, into a file: the buckets that changed since the vendor was last told for certain, and the entries that
 * demands known here, or standing ones of the policy, let go. Each goes through the gates of a pass, and the ledger has it
 * before the file.
 *
 * Nothing is marked and no cursor moves: a bundle may be lost. An entry that was carried stays pending with an attempt in
 * the ledger that has no outcome, so the next bundle has it again, until a reply says what became of it.
 *
 * However many buckets and entries there are, a page of the ones and a batch of the others are in memory; what grows is the
 * ledger's own count of attempts without an outcome.
 * @module
 */
import { createHash } from 'node:crypto';
import { bucketId } from '@fr/bucket';
import {
  BUNDLE_END_BYTES,
  type BundleHead,
  type CarriedTotal,
  frameSize,
  MAX_RECORD_ITEMS,
  printBundleHead,
  writeFrame,
} from '@fr/protocol';
import { presentKey, type SigningKey, siteMark } from '@fr/protocol/signature';
import { QuotaBook } from '../decision/quota-book.ts';
import { outcomeOf } from '../ledger/outcome.ts';
import { type Announced, announce } from '../pass/attempt.ts';
import { type Deciding, decideEntry } from '../pass/deciding.ts';
import { leavingEntry } from '../pass/leaving-entry.ts';
import type { PassOptions } from '../pass/pass-options.ts';
import type { EntryDecision } from '../pass/pass-summary.ts';
import type { HeldEntry } from '../pass/site-store.ts';
import { heldTypes } from '../pass/telling/changed-buckets.ts';
import { mayOffer } from '../policy/policy.ts';
import { SyncError } from '../sync-error.ts';
import { type BundleSink, printRecord, recordOverhead, writeBundle } from './bundle-file.ts';
import { type ExportedBundle, keepBundleRecord, readBundleRecord } from './export-record.ts';
import { standingDemands, standingQuotas } from './standing.ts';

/** What an export works with. */
export interface ExportOptions
  extends Pick<
    PassOptions,
    'store' | 'policy' | 'ledger' | 'programs' | 'reviews' | 'to' | 'now' | 'signal'
  > {
  /** The site's own key. */
  readonly key: SigningKey;
  /** Hash of the site's token. */
  readonly hash: string;
  /** A UUID. */
  readonly bundleId: string;
  /** Where it is written to. */
  readonly file: string;
  /**
   * No reply will ever come: what was carried counts as delivered once the bundle is sealed, and every bundle tells all
   * totals, so that a lost one costs no count. Default: false.
   */
  readonly oneWay?: boolean | undefined;
}

/** What went into a bundle. */
export interface ExportSummary {
  readonly bundleId: string;
  readonly file: string;
  readonly to: string;
  readonly bytes: number;
  readonly buckets: number;
  /** Entries that went, and how many of all pending ones had which verdict. */
  readonly entries: number;
  readonly verdicts: Readonly<Partial<Record<EntryDecision['verdict'], number>>>;
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** Writes one bundle. Throws where nothing may leave, the ledger cannot be written, or the file cannot. */
export async function exportBundle(options: ExportOptions): Promise<ExportSummary> {
  const { store, key, hash, bundleId, file, to, now } = options;
  const origin = await store.identity.origin();
  const head: BundleHead = {
    bundleId,
    kind: 'offer',
    ...presentKey(key),
    site: siteMark(hash),
    origin,
    at: now(),
  };
  const told: Told = { buckets: 0, headerBytes: 0, payloadBytes: 0, entries: 0, verdicts: {} };
  let [cursor, first] = [0, 0];
  const bytes = await writeBundle(file, head, { key, hash }, async (sink) => {
    ({ cursor, first } = await tellTotals(options, head, sink, told));
    await sendEntries(options, sink, told);
  });
  if (options.oneWay === true) await settleCarried(options, first);
  const record = await readBundleRecord(store.settings, to);
  const exported: ExportedBundle = { bundleId, origin, cursor, listing: listingOf(options), at: head.at };
  await keepBundleRecord(store.settings, to, { ...record, waiting: [...record.waiting, exported] });
  return { bundleId, file, to, bytes, ...told };
}

/** Where nobody will say that they came, the entries of a bundle, whose records in the ledger begin with this one, are marked as gone. */
async function settleCarried({ store, ledger, to, now }: ExportOptions, first: number): Promise<void> {
  for await (const { header } of store.entries.pending()) {
    const attempt = ledger.sent.unsettled(header.entryId);
    if (!attempt || attempt.to !== to || attempt.seq < first) continue;
    const { demands, types = [], digest } = attempt;
    await store.entries.mark(header.entryId, { at: now(), to, demands, types, digest });
    const reason = 'carried one way';
    await ledger.append(outcomeOf(attempt, { at: now(), outcome: 'delivered', reason }));
  }
}

interface Told {
  buckets: number;
  headerBytes: number;
  payloadBytes: number;
  entries: number;
  verdicts: Partial<Record<EntryDecision['verdict'], number>>;
}

/** What may be offered: whoever lists another program wants its old buckets told too. */
function listingOf({ programs, policy }: Pick<ExportOptions, 'programs' | 'policy'>): string {
  const offer = policy.offer.map(({ program, to }) => ({ program, to }));
  return createHash('sha256')
    .update(JSON.stringify([[...programs].sort(), offer]))
    .digest('hex')
    .slice(0, 32);
}

async function tellTotals(
  options: ExportOptions,
  head: BundleHead,
  sink: BundleSink,
  told: Told,
): Promise<{ readonly cursor: number; readonly first: number }> {
  const { store, policy, programs, to } = options;
  const { settled } = await readBundleRecord(store.settings, to);
  const same =
    options.oneWay !== true &&
    settled?.origin.id === head.origin.id &&
    settled.origin.epoch === head.origin.epoch &&
    settled.listing === listingOf(options);
  let cursor = same ? settled.cursor : 0;
  let first: number | undefined;
  // The frame of the bundle itself goes with the first of them, or alone.
  let frame = printBundleHead(head).byteLength + BUNDLE_END_BYTES;
  for (;;) {
    const page = await store.hits.changedSince(cursor, MAX_RECORD_ITEMS);
    const listed = page.totals.filter(({ bucket }) => mayOffer(policy, bucket.program, to, programs));
    const totals: CarriedTotal[] = [];
    for (const { bucket, hits } of listed)
      totals.push({ bucket, hits, holds: await heldTypes(options, bucketId(bucket)) });
    if (totals.length > 0 || frame > 0) {
      const seq = await tell(options, totals, frame, sink, told);
      first ??= seq;
    }
    frame = 0;
    const more = page.totals.length === MAX_RECORD_ITEMS && page.cursor > cursor;
    cursor = page.cursor;
    if (!more) return { cursor, first: first ?? 0 };
  }
}

async function tell(
  options: ExportOptions,
  totals: readonly CarriedTotal[],
  frame: number,
  sink: BundleSink,
  told: Told,
): Promise<number> {
  const content = printRecord('totals', totals);
  const headerBytes = content.byteLength + recordOverhead('totals', content.byteLength) + frame;
  const seq = await announce(options, {
    kind: 'offer',
    to: options.to,
    headerBytes,
    payloadBytes: 0,
    demands: [],
    buckets: totals.map(({ bucket }) => bucketId(bucket)),
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    why: carriedBy(options),
  });
  await sink.record('totals', content.byteLength, content);
  told.headerBytes += headerBytes;
  told.buckets += totals.length;
  return seq;
}

function carriedBy({ bundleId }: ExportOptions): string {
  return `carried in bundle ${bundleId}`;
}

/** Headers in memory at once. */
const BATCH = 256;

async function sendEntries(options: ExportOptions, sink: BundleSink, told: Told): Promise<void> {
  const { store, ledger, policy, to, now } = options;
  const heard = (await store.demands.list()).filter(({ source }) => source === to);
  const standing = standingDemands(policy, to, now());
  const book = new QuotaBook(heard, [], (...sample) => ledger.sent.count(...sample));
  let seen = 0;
  for await (const entry of store.entries.pending()) {
    const { bucket, entryId } = entry.header;
    if (seen % BATCH === 0) book.forget();
    seen += 1;
    const id = bucketId(bucket);
    // What the last reply did not list is not wanted.
    if (!book.knows(id)) book.showAll(id, await store.quotas.list(id));
    const own = standingQuotas(standing, bucket, (id, type, scope) =>
      ledger.sent.count(id, type, scope, entryId),
    );
    const deciding: Deciding = {
      ...options,
      demands: [...heard, ...standing],
      book: { quotasFor: (id, except) => [...book.quotasFor(id, except), ...own] },
    };
    const decided = await sendOne(options, deciding, entry, sink, told);
    told.verdicts[decided.verdict] = (told.verdicts[decided.verdict] ?? 0) + 1;
    if (decided.verdict === 'upload') book.take(decided.demands, decided.bucketId, decided.types);
  }
}

async function sendOne(
  options: ExportOptions,
  deciding: Deciding,
  entry: HeldEntry,
  sink: BundleSink,
  told: Told,
): Promise<EntryDecision> {
  const decided = decideEntry(deciding, entry, options.now());
  if (decided.verdict !== 'upload') return decided;
  const leaving = await leavingEntry(options, entry.header, decided);
  if ('result' in leaving) return { ...decided, verdict: 'keep' };
  const { header, digest, parts } = leaving;
  const { headerBytes, payloadBytes } = frameSize(header);
  const bytes = headerBytes + payloadBytes;
  const announced = { headerBytes: headerBytes + recordOverhead('entry', bytes), payloadBytes };
  const seq = await announceEntry(options, {
    kind: 'entry',
    to: options.to,
    ...announced,
    demands: decided.demands,
    buckets: [decided.bucketId],
    entryId: header.entryId,
    types: decided.types,
    approvedBy: decided.approvedBy ?? [],
    why: `${decided.reason}; ${carriedBy(options)}`,
    digest,
  });
  if (typeof seq === 'string') return { ...decided, verdict: 'keep', reason: seq };
  await sink.record('entry', bytes, writeFrame(header, parts()));
  told.entries += 1;
  told.headerBytes += announced.headerBytes;
  told.payloadBytes += announced.payloadBytes;
  return decided;
}

/** Its number in the ledger; in words why it does not fit any more, where the day or the window is full: what was put in before goes all the same. */
async function announceEntry(options: ExportOptions, announced: Announced): Promise<number | string> {
  try {
    return await announce(options, announced);
  } catch (error) {
    const isFull = error instanceof SyncError && (error.code === 'over-cap' || error.code === 'not-now');
    if (isFull) return error.message;
    throw error;
  }
}
