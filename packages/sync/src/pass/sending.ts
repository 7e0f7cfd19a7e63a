/**
 * The second half of a pass, some hundred entries at a time: decided, leases asked for, sent. What is left of the quotas is
 * stored in the end, so that reporters are not asked for what has just been delivered.
 * @module
 */
import type { Quota } from '@fr/protocol';
import { QuotaBook } from '../decision/quota-book.ts';
import { type Deciding, decideUnderLeases, samplesOf } from './deciding.ts';
import { deliver } from './delivery.ts';
import { leasesFor, settleLeases } from './leasing/fetch-leases.ts';
import type { LeasePurse } from './leasing/lease-purse.ts';
import type { PassOptions } from './pass-options.ts';
import type { EntryDecision } from './pass-summary.ts';
import type { Progress } from './progress.ts';
import { showBuckets } from './shown-book.ts';
import type { HeldEntry } from './site-store.ts';
import type { Told } from './telling/tell-changes.ts';

/** Headers in memory at once. */
const BATCH = 256;

/** What sending works with, and changes. */
interface Sending {
  readonly options: PassOptions;
  readonly deciding: Deciding;
  readonly book: QuotaBook;
  readonly purse: LeasePurse | undefined;
  readonly progress: Progress;
  /** An attempt has failed: nothing more goes in this pass. */
  failed: boolean;
}

/** Decides about every entry and sends what is to go; after a failed attempt it only decides. */
export async function sendEntries(options: PassOptions, told: Told, progress: Progress): Promise<void> {
  const { store, ledger, to } = options;
  const demands = (await store.demands.list()).filter(({ source }) => source === to);
  const book = new QuotaBook(demands, [], (...sample) => ledger.sent.count(...sample));
  const { purse, originId } = told;
  const deciding: Deciding = { ...options, demands, book };
  const leasing = purse && { options, originId, deciding, book, purse, progress };
  const sending: Sending = { options, deciding, book, purse, progress, failed: false };
  for await (const batch of inBatches(store.entries.pending())) {
    progress.add({ entries: batch.length });
    book.forget();
    await showBuckets(book, store, batch);
    if (leasing && !sending.failed) await leasesFor(leasing, batch);
    for (const entry of batch) await decideAndSend(sending, entry);
  }
  if (sending.failed) return;
  await storeLeft(options, book);
  if (leasing) await settleLeases(leasing);
}

async function decideAndSend(sending: Sending, entry: HeldEntry): Promise<void> {
  const { options, deciding, book, purse, progress } = sending;
  const decided = decideUnderLeases(deciding, purse, entry, options.now());
  const goes = decided.verdict === 'upload' && !sending.failed;
  const done = goes ? await sendOne(sending, entry, decided) : decided;
  progress.decided(done);
  if (done.result === 'failed') {
    sending.failed = true;
    await storeLeft(options, book);
  }
  if (countsDown(done)) book.take(done.demands, done.bucketId, done.types);
}

/** Stores what is left of the quotas of every bucket from which something went. */
async function storeLeft({ store, to }: PassOptions, book: QuotaBook): Promise<void> {
  const left: Quota[] = [];
  const touched = [...book.touched];
  for (const id of touched) {
    const row = await store.queries.bucket(id);
    if (row) book.show(id, row.bucket, await store.quotas.list(id));
    left.push(...book.leftOf(id));
  }
  if (touched.length > 0) await store.quotas.replace(to, touched, left);
}

async function* inBatches(entries: AsyncIterable<HeldEntry>): AsyncGenerator<readonly HeldEntry[]> {
  let batch: HeldEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What was delivered counts down, and what would have gone next after a failure: the plan shows no more than is asked. */
function countsDown({ verdict, result }: EntryDecision): boolean {
  return verdict === 'upload' && result !== 'not-needed' && result !== 'refused' && result !== 'unleased';
}

/** One upload. What the other side says of it goes into the decision; what fails ends the sending. */
async function sendOne(
  { options, book, purse, progress }: Sending,
  { header }: HeldEntry,
  decided: EntryDecision,
): Promise<EntryDecision> {
  const samples = samplesOf(decided, book.quotasFor(decided.bucketId, decided.entryId));
  const leases = purse?.take(samples, options.now()) ?? [];
  try {
    const { result: said, bytes } = await deliver(options, header, decided, leases);
    progress.add(bytes);
    if (said.result === 'gone') return { ...decided, verdict: 'keep', reason: 'it is no longer there' };
    if (said.result === 'damaged') {
      return { ...decided, verdict: 'keep', reason: `it cannot be read: ${said.detail}` };
    }
    if (said.result === 'withheld') return { ...decided, verdict: 'keep', reason: said.detail };
    if (said.result === 'not-needed') book.exhaust(decided.demands, decided.bucketId, decided.types);
    if (said.result === 'unleased') {
      return { ...decided, result: 'unleased', reason: `${options.to} has leased it to others meanwhile` };
    }
    if (said.result === 'refused') {
      return {
        ...decided,
        result: 'refused',
        reason: `refused by ${options.to}: ${said.code}: ${said.detail}`,
      };
    }
    progress.add({ uploaded: said.result === 'not-needed' ? 0 : 1 });
    return { ...decided, result: said.result };
  } catch (error) {
    progress.fail(error);
    return { ...decided, result: 'failed' };
  }
}
