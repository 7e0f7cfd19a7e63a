/**
 * Takes a failure that waits out of the spool. The receipt comes first: from then on it is settled, and whoever finds it
 * still in the spool, after a crash, finishes what was begun instead of sending it.
 * @module
 */
import { bucketKey } from '@fr/bucket';
import { countDrop, isDropCounted } from '../spool/drops.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import { type FailureReceipt, writeReceipt } from '../spool/receipts.ts';
import { keptEntry, removeFailure, type Spool } from '../spool/spool.ts';
import { failureReport } from './failure-report.ts';
import { type MadeEntry, readEntry } from './sending/entry.ts';

/** Withdraws. Only for who holds the lock. */
export function withdrawFailure(spool: Spool, facts: FailureFacts, now: number): FailureReceipt {
  const receipt = receiptOf(spool, facts, now);
  writeReceipt(spool, receipt);
  finishSettled(spool, receipt, now);
  return receipt;
}

/** Removes a failure that has a receipt; counts it where it was withdrawn. */
export function finishSettled(spool: Spool, { reportId, hit, count }: FailureReceipt, now: number): void {
  const by = `withdraw ${reportId}`;
  if (hit === 'withdrawn' && !isDropCounted(spool, by)) countDrop(spool, 'withdrawn', count, now, by);
  removeFailure(spool, reportId);
}

function receiptOf(spool: Spool, facts: FailureFacts, now: number): FailureReceipt {
  const { bucket, bucketId } = failureReport(facts);
  const kept = keptEntry(spool, facts.reportId);
  const made = kept && readEntry(kept, spool);
  return {
    reportId: facts.reportId,
    bucketId,
    bucketKey: bucketKey(bucket),
    at: facts.at,
    settledAt: now,
    count: facts.count,
    outcome: facts.outcome,
    server: '',
    hit: made ? 'counted' : 'withdrawn',
    ...(facts.tried === true && !made
      ? { reason: 'an earlier attempt was not answered: the site may have counted the hit' }
      : {}),
    ...(made ? { entry: withheld(made) } : {}),
    notSent: [],
    ...(facts.run === undefined ? {} : { run: facts.run }),
    ...(facts.life === undefined ? {} : { life: facts.life }),
  };
}

/** The hit was counted before the entry was made; it is only the entry that does not go. */
function withheld({ header, bytes }: MadeEntry): NonNullable<FailureReceipt['entry']> {
  return {
    entryId: header.entryId,
    result: 'withheld',
    types: header.parts.map(({ type }) => type),
    bytes,
    demands: header.demands,
  };
}
