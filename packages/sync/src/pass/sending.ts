import { bucketId } from '@fr/bucket';
import { type Decision, decide } from '../decision/decision.ts';
import { QuotaBook } from '../decision/quota-book.ts';
import type { StoredDemand } from '../demand/stored-demand.ts';
import type { AcceptedReply } from './accept-reply.ts';
import { deliver } from './delivery.ts';
import type { PassOptions } from './pass-options.ts';
import type { EntryDecision } from './pass-summary.ts';
import type { Progress } from './progress.ts';
import type { HeldEntry } from './site-store.ts';

/** A destination that refused an entry so often is not sent it again. */
const MAX_REFUSALS = 3;

/**
 * Decides about every entry and sends what is to go; after a failed attempt it only decides. What is left of the
 * quotas is stored in the end, so that reporters are not asked for what has just been delivered.
 */
export async function sendEntries(
  options: PassOptions,
  pending: readonly HeldEntry[],
  accepted: Pick<AcceptedReply, 'demands' | 'quotas'>,
  progress: Progress,
): Promise<void> {
  const { store, ledger, to, now } = options;
  const demands = (await store.demands.list()).filter(({ source }) => source === to);
  const book = new QuotaBook(demands, accepted.quotas, (...sample) => ledger.sent.count(...sample));
  let left: ReturnType<QuotaBook['left']> | undefined;
  for (const entry of pending) {
    const decided = decideOne(options, entry, demands, book);
    const goes = decided.verdict === 'upload' && left === undefined;
    const done = goes ? await sendOne(options, entry, decided, book, progress) : decided;
    progress.decided(done);
    if (done.result === 'failed') left = book.left();
    if (countsDown(done)) book.take(done.demands, done.bucketId, done.types);
  }
  await store.demands.replace(to, accepted.demands, left ?? book.left(), now());
}

/** What was delivered counts down, and what would have gone next after a failure: the plan shows no more than is asked. */
function countsDown({ verdict, result }: EntryDecision): boolean {
  return verdict === 'upload' && result !== 'not-needed' && result !== 'refused';
}

function decideOne(
  options: PassOptions,
  entry: HeldEntry,
  demands: readonly StoredDemand[],
  book: QuotaBook,
): EntryDecision {
  const { policy, programs, to, ledger, now } = options;
  const { entryId, bucket } = entry.header;
  const id = bucketId(bucket);
  const quotas = book.quotasFor(id, entryId);
  const decision: Decision =
    ledger.sent.refusals(entryId) >= MAX_REFUSALS
      ? { verdict: 'keep', types: [], demands: [], reason: `${to} refused it ${MAX_REFUSALS} times` }
      : decide({ entry, demands, quotas, policy, to, programs, now: now() });
  return { entryId, bucketId: id, ...decision };
}

/** One upload. What the other side says of it goes into the decision; what fails ends the sending. */
async function sendOne(
  options: PassOptions,
  { header }: HeldEntry,
  decided: EntryDecision,
  book: QuotaBook,
  progress: Progress,
): Promise<EntryDecision> {
  try {
    const { result: said, bytes } = await deliver(options, header, decided);
    progress.add(bytes);
    if (said.result === 'gone') return { ...decided, verdict: 'keep', reason: 'it is no longer there' };
    if (said.result === 'damaged') {
      return { ...decided, verdict: 'keep', reason: `it cannot be read: ${said.detail}` };
    }
    if (said.result === 'not-needed') book.exhaust(decided.demands, decided.bucketId, decided.types);
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
