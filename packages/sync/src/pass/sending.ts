import { QuotaBook } from '../decision/quota-book.ts';
import type { AcceptedReply } from './accept-reply.ts';
import { type Deciding, decideUnderLeases, samplesOf } from './deciding.ts';
import { deliver } from './delivery.ts';
import type { LeasePurse } from './leasing/lease-purse.ts';
import type { PassOptions } from './pass-options.ts';
import type { EntryDecision } from './pass-summary.ts';
import type { Progress } from './progress.ts';
import type { HeldEntry } from './site-store.ts';

/**
 * Decides about every entry and sends what is to go; after a failed attempt it only decides. What is left of the
 * quotas is stored in the end, so that reporters are not asked for what has just been delivered.
 */
export async function sendEntries(
  options: PassOptions,
  pending: readonly HeldEntry[],
  accepted: Pick<AcceptedReply, 'demands' | 'quotas'>,
  purse: LeasePurse | undefined,
  progress: Progress,
): Promise<void> {
  const { store, ledger, to, now } = options;
  const demands = (await store.demands.list()).filter(({ source }) => source === to);
  const book = new QuotaBook(demands, accepted.quotas, (...sample) => ledger.sent.count(...sample));
  const deciding: Deciding = { ...options, demands, book };
  let left: ReturnType<QuotaBook['left']> | undefined;
  for (const entry of pending) {
    const decided = decideUnderLeases(deciding, purse, entry, now());
    const goes = decided.verdict === 'upload' && left === undefined;
    const done = goes ? await sendOne(options, entry, decided, { book, purse, progress }) : decided;
    progress.decided(done);
    if (done.result === 'failed') left = book.left();
    if (countsDown(done)) book.take(done.demands, done.bucketId, done.types);
  }
  await store.demands.replace(to, accepted.demands, left ?? book.left(), now());
}

/** What was delivered counts down, and what would have gone next after a failure: the plan shows no more than is asked. */
function countsDown({ verdict, result }: EntryDecision): boolean {
  return verdict === 'upload' && result !== 'not-needed' && result !== 'refused' && result !== 'unleased';
}

/** What sending one entry works with, and changes. */
interface Sending {
  readonly book: QuotaBook;
  readonly purse: LeasePurse | undefined;
  readonly progress: Progress;
}

/** One upload. What the other side says of it goes into the decision; what fails ends the sending. */
async function sendOne(
  options: PassOptions,
  { header }: HeldEntry,
  decided: EntryDecision,
  { book, purse, progress }: Sending,
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
