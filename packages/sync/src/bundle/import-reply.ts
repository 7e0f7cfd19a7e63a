/**
 * A reply bundle at the site: what became of the entries that were carried, how far the vendor has been told, what it
 * wants now and what it lets the site tell. A reply is checked whole before any of it counts; taking it again changes
 * nothing, and one that is older than what was taken is refused.
 *
 *     check ─▶ receipts: mark, then the outcome in the ledger ─▶ demands ─▶ answers ─▶ the cursor, and that it was taken
 *
 * A crash in between leaves a reply that was not taken: it is imported once more.
 * @module
 */

import {
  type BundleHead,
  type CarriedReceipt,
  MAX_DEMANDS,
  MAX_VENDOR_ANSWERS,
  type Quota,
  type SignedDemand,
  type SignedVendorAnswer,
} from '@fr/protocol';
import { siteMark } from '@fr/protocol/signature';
import type { HeardAnswers } from '../answers/heard-answers.ts';
import { outcomeOf } from '../ledger/outcome.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { acceptReply } from '../pass/accept-reply.ts';
import type { PassOptions } from '../pass/pass-options.ts';
import { mayOffer } from '../policy/policy.ts';
import { knownVendorKeys, type TrustedKey, trustVendorKey } from '../trust/vendor-trust.ts';
import { checkWhole, readWhole } from './bundle-file.ts';
import { checkRecords, takeRecords } from './bundle-records.ts';
import { refusedBundle } from './bundle-refusal.ts';
import { keepBundleRecord, readBundleRecord } from './export-record.ts';

/** What taking a reply works with. */
export interface ImportReplyOptions
  extends Pick<PassOptions, 'store' | 'policy' | 'ledger' | 'programs' | 'pinned' | 'to' | 'now'> {
  readonly file: string;
  /** Hash of the site's token. */
  readonly hash: string;
  readonly heard: Pick<HeardAnswers, 'hear'>;
}

/** What a reply came to. */
export interface ReplySummary {
  readonly bundleId: string;
  readonly inReplyTo?: string;
  /** Entries the vendor has, by word of this reply; those it did not need; those it refused. */
  readonly delivered: number;
  readonly notNeeded: number;
  readonly refused: number;
  /** Receipts of entries that had been settled before. */
  readonly known: number;
  readonly demands: number;
  readonly rejected: readonly { readonly demandId: string; readonly reason: string }[];
  readonly answers: number;
}

const MAX_QUOTAS = 10 * MAX_DEMANDS;

/** Takes a reply in. Throws `bad-bundle` with the reason, and then nothing has changed. */
export async function importReply(options: ImportReplyOptions): Promise<ReplySummary> {
  const { file, store, to, now } = options;
  const { head, trusted } = await checkReply(options);
  const counts = { delivered: 0, notNeeded: 0, refused: 0, known: 0 };
  const demands: SignedDemand[] = [];
  const quotas: Quota[] = [];
  const answers: SignedVendorAnswer[] = [];
  await takeRecords(file, {
    demands: (items) => void demands.push(...items.slice(0, MAX_DEMANDS - demands.length)),
    quotas: (items) => void quotas.push(...items.slice(0, MAX_QUOTAS - quotas.length)),
    answers: (items) => void answers.push(...items.slice(0, MAX_VENDOR_ANSWERS - answers.length)),
    receipts: async (items) => {
      for (const receipt of items) counts[await settle(options, receipt)] += 1;
    },
  });
  const accepted = await acceptDemands(options, trusted, demands, quotas);
  await store.demands.replace(to, accepted.demands, accepted.quotas, now());
  const told = await options.heard.hear({ source: to, answers, ...trusted, now: now() });
  await settleCursor(options, head);
  return {
    bundleId: head.bundleId,
    ...(head.inReplyTo === undefined ? {} : { inReplyTo: head.inReplyTo }),
    ...counts,
    demands: accepted.demands.length,
    rejected: accepted.rejected,
    answers: told.answers.length,
  };
}

async function checkReply({
  file,
  hash,
  pinned,
  store,
  to,
}: ImportReplyOptions): Promise<{ readonly head: BundleHead; readonly trusted: TrustedKey }> {
  const whole = await readWhole(file);
  const { head } = whole;
  if (head.kind !== 'reply')
    throw refusedBundle(
      'wrong-way',
      'this is not a reply: a site wrote it, and it goes to the vendor (`fr-destination import`)',
    );
  if (head.site !== siteMark(hash))
    throw refusedBundle('other-site', 'it was written for another site, or for an earlier token of this one');
  checkWhole(whole, { known: await knownVendorKeys(store.settings, pinned), hash });
  const origin = await store.identity.origin();
  if (head.origin.id !== origin.id)
    throw refusedBundle('other-folder', 'it answers another folder than this one');
  const { repliedAt = 0 } = await readBundleRecord(store.settings, to);
  if (head.at < repliedAt)
    throw refusedBundle(
      'overtaken',
      `a newer reply, of ${new Date(repliedAt).toISOString()}, was taken in already`,
    );
  await checkRecords(file);
  return { head, trusted: await trustVendorKey(store.settings, { pinned, to }, head) };
}

async function acceptDemands(
  { store, policy, programs, to, now }: ImportReplyOptions,
  trusted: TrustedKey,
  demands: readonly SignedDemand[],
  quotas: readonly Quota[],
): ReturnType<typeof acceptReply> {
  const isOffered = async (id: string): Promise<boolean> => {
    const row = await store.queries.bucket(id);
    return row !== undefined && mayOffer(policy, row.bucket.program, to, programs);
  };
  const reply = { demands, quotas };
  return await acceptReply({ reply, trusted, to, known: await store.demands.list(), now: now(), isOffered });
}

type Settled = 'delivered' | 'notNeeded' | 'refused' | 'known';

/** Says in the ledger what became of one entry; the entry is marked before, so that a crash in between repeats it. */
async function settle(options: ImportReplyOptions, receipt: CarriedReceipt): Promise<Settled> {
  const { store, ledger, to, now } = options;
  const { entryId, result, digest = '' } = receipt;
  const attempt = ledger.sent.unsettled(entryId);
  if (!attempt || attempt.to !== to) return 'known';
  if (result === 'not-needed') return await close(options, attempt, 'failed', 'not-needed', 'notNeeded');
  if (result === 'refused' || (result === 'stored' && digest !== attempt.digest)) {
    const why =
      result === 'refused' ? (receipt.reason ?? 'no reason given') : 'its receipt is for something else';
    return await close(options, attempt, 'failed', `refused: ${why}`, 'refused');
  }
  const { demands, types = [] } = attempt;
  const held = await store.entries.read(entryId).catch(() => undefined);
  if (held?.entry.state === 'pending')
    await store.entries.mark(entryId, { at: now(), to, demands, types, digest });
  return await close(options, attempt, 'delivered', result, 'delivered');
}

async function close(
  { ledger, now }: ImportReplyOptions,
  attempt: LedgerRecord,
  outcome: 'delivered' | 'failed',
  reason: string,
  as: Settled,
): Promise<Settled> {
  // All its bytes have left the building, whatever the vendor made of them.
  await ledger.append(outcomeOf(attempt, { at: now(), outcome, reason }));
  return as;
}

/** What was told in the bundle that is answered need not be told again. */
async function settleCursor({ store, to }: ImportReplyOptions, head: BundleHead): Promise<void> {
  const record = await readBundleRecord(store.settings, to);
  const index = record.waiting.findIndex(({ bundleId }) => bundleId === head.inReplyTo);
  const answered = record.waiting[index];
  await keepBundleRecord(store.settings, to, {
    ...record,
    waiting: record.waiting.slice(index + 1),
    ...(answered && isFurther(answered, record.settled) ? { settled: answered } : {}),
    repliedAt: head.at,
  });
}

function isFurther(
  answered: { cursor: number; at: number },
  settled: { cursor: number; at: number } | undefined,
): boolean {
  return !settled || answered.at >= settled.at;
}
