import type { LedgerRecord } from './record.ts';

/** Messages and bytes that left. */
export interface LedgerSum {
  readonly count: number;
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** Sums over a ledger. What failed before a byte left counts with no bytes; what may have left counts whole. */
export interface LedgerSums {
  readonly offers: LedgerSum;
  readonly leases: LedgerSum;
  /** Questions for answers. */
  readonly answers: LedgerSum;
  readonly entries: LedgerSum;
  readonly total: LedgerSum;
  /** Entries by demand; one sent under two demands counts for both. */
  readonly byDemand: Readonly<Record<string, LedgerSum>>;
}

const NOTHING: LedgerSum = { count: 0, headerBytes: 0, payloadBytes: 0 };

/** Sums records in the order they stand in the ledger, by kind and by demand. */
export async function ledgerSums(
  records: Iterable<LedgerRecord> | AsyncIterable<LedgerRecord>,
): Promise<LedgerSums> {
  /** Attempts whose outcome is still to come. */
  const attempts = new Map<number, LedgerRecord>();
  const byDemand = new Map<string, LedgerSum>();
  const kinds = { offer: NOTHING, lease: NOTHING, answers: NOTHING, entry: NOTHING };
  function count(attempt: LedgerRecord, change: LedgerSum): void {
    if (attempt.kind === 'outcome') return;
    kinds[attempt.kind] = add(kinds[attempt.kind], change);
    if (attempt.kind !== 'entry') return;
    for (const id of attempt.demands) byDemand.set(id, add(byDemand.get(id) ?? NOTHING, change));
  }
  for await (const record of records) {
    if (record.kind === 'outcome') {
      const attempt = attempts.get(record.outcomeOf ?? 0);
      if (attempt) count(attempt, correction(attempt, record));
      attempts.delete(record.outcomeOf ?? 0);
    } else {
      attempts.set(record.seq, record);
      count(record, { count: 1, headerBytes: record.headerBytes, payloadBytes: record.payloadBytes });
    }
  }
  return {
    offers: kinds.offer,
    leases: kinds.lease,
    answers: kinds.answers,
    entries: kinds.entry,
    total: add(add(kinds.offer, kinds.lease), add(kinds.answers, kinds.entry)),
    byDemand: Object.fromEntries(byDemand),
  };
}

/** What an outcome takes back of what was announced before. */
function correction(attempt: LedgerRecord, outcome: LedgerRecord): LedgerSum {
  return {
    count: 0,
    headerBytes: outcome.headerBytes - attempt.headerBytes,
    payloadBytes: outcome.payloadBytes - attempt.payloadBytes,
  };
}

function add(a: LedgerSum, b: LedgerSum): LedgerSum {
  return {
    count: a.count + b.count,
    headerBytes: a.headerBytes + b.headerBytes,
    payloadBytes: a.payloadBytes + b.payloadBytes,
  };
}
