import { bucketId } from '@fr/bucket';
import type { Quota } from '@fr/protocol';
import { decide } from '../decision/decision.ts';
import { type Spent, throughGates } from '../decision/gates.ts';
import type { QuotaBook } from '../decision/quota-book.ts';
import { decideUnsettled } from '../decision/unsettled.ts';
import type { Decision } from '../decision/verdict.ts';
import type { StoredDemand } from '../demand/stored-demand.ts';
import type { LeasePurse, Sample } from './leasing/lease-purse.ts';
import type { PassOptions } from './pass-options.ts';
import type { EntryDecision } from './pass-summary.ts';
import type { HeldEntry } from './site-store.ts';

/** A destination that refused an entry so often is not sent it again. */
const MAX_REFUSALS = 3;

/** What a decision in a pass depends on besides the entry and the quotas. */
export interface Deciding extends Pick<PassOptions, 'policy' | 'programs' | 'reviews' | 'to'> {
  readonly ledger: Pick<PassOptions['ledger'], 'sent'>;
  /** The destination's, closed ones too. */
  readonly demands: readonly StoredDemand[];
  readonly book: Pick<QuotaBook, 'quotasFor'>;
  /** Default: what the ledger says has left. */
  readonly spent?: Spent;
}

/** Decides about one entry in the course of a pass: by what was tried with it before, then by what is wanted. */
export function decideEntry(deciding: Deciding, entry: HeldEntry, now: number): EntryDecision {
  const { entryId, bucket } = entry.header;
  const id = bucketId(bucket);
  return { entryId, bucketId: id, ...decisionFor(deciding, entry, id, now) };
}

function decisionFor(deciding: Deciding, entry: HeldEntry, id: string, now: number): Decision {
  const { demands, policy, to, programs, ledger, book, reviews, spent = ledger.sent } = deciding;
  const { entryId } = entry.header;
  if (ledger.sent.refusals(entryId) >= MAX_REFUSALS) {
    return { verdict: 'keep', types: [], demands: [], reason: `${to} refused it ${MAX_REFUSALS} times` };
  }
  const attempt = ledger.sent.unsettled(entryId);
  const again = attempt && decideUnsettled({ entry, demands, policy, to, programs }, attempt);
  const quotas = book.quotasFor(id, entryId);
  const facts = { policy, to, now, reviews, spent };
  return again
    ? throughGates(again, entry.header, facts)
    : decide({ ...facts, entry, demands, quotas, programs });
}

/** The samples an upload counts towards: each of its types under each demand that still wants it. */
export function samplesOf(
  { demands, types, bucketId: id }: EntryDecision,
  quotas: readonly Quota[],
): readonly Sample[] {
  return quotas
    .filter(({ demandId, type, count }) => count > 0 && demands.includes(demandId) && types.includes(type))
    .map(({ demandId, type }) => ({ demandId, bucketId: id, type }));
}

/**
 * As {@link decideEntry}, and only what there is a lease for goes. What was sent before without word of its arrival goes
 * without one too: whoever has it already says so before it reads on.
 */
export function decideUnderLeases(
  deciding: Deciding,
  purse: LeasePurse | undefined,
  entry: HeldEntry,
  now: number,
): EntryDecision {
  const decided = decideEntry(deciding, entry, now);
  const again = deciding.ledger.sent.unsettled(entry.header.entryId) !== undefined;
  if (!purse || decided.verdict !== 'upload' || again) return decided;
  const book: Deciding['book'] = {
    quotasFor: (id, entryId) =>
      deciding.book
        .quotasFor(id, entryId)
        .map((quota) => (purse.left(quota, now) > 0 ? quota : { ...quota, count: 0 })),
  };
  const leased = decideEntry({ ...deciding, book }, entry, now);
  if (leased.verdict === 'upload') return leased;
  const samples = samplesOf(decided, deciding.book.quotasFor(decided.bucketId, decided.entryId));
  const why = samples.map((sample) => purse.refusal(sample)).find((words) => words !== undefined);
  return { ...decided, verdict: 'keep', reason: `not now: ${why ?? 'there is no lease for it'}` };
}
