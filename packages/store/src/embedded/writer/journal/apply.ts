/**
 * From memory to tables: sums of thousands of hits, one write for each bucket and problem they fall on.
 * @module
 */
import type { Database } from '../../sqlite/database.ts';
import { readOrigin } from '../../sqlite/origin.ts';
import type { Tally } from '../tally.ts';
import { addToTotal } from '../totals.ts';
import { addToHistory, rollUp } from './history.ts';
import type { CallOutcomes } from './journal-row.ts';
import type { ReportIds } from './report-ids.ts';
import type { Share } from './shares.ts';

export interface PendingOutcomes extends CallOutcomes {
  calls: number;
}

export function applyHits(
  db: Database,
  tally: Tally,
  ids: ReportIds,
  pending: {
    readonly shares: readonly Share[];
    readonly outcomes: Readonly<PendingOutcomes>;
    /** When the last of them was received. */
    readonly receivedAt: number;
  },
): void {
  const origin = readOrigin(db);
  for (const { bucketId, program = 0, added, lastSeen } of pending.shares) {
    addToTotal(db, program, bucketId, origin, added);
    tally.addToBucket(bucketId, added, lastSeen, true);
  }
  for (const [problemId, { added, lastSeen }] of byProblem(pending.shares))
    tally.addToProblem(problemId, added, lastSeen);
  addToHistory(db, pending.shares);
  rollUp(db, pending.receivedAt);
  ids.store();
  countOutcomes(tally, pending.outcomes);
}

function byProblem(
  shares: readonly Share[],
): ReadonlyMap<string, { readonly added: number; readonly lastSeen: number }> {
  const sums = new Map<string, { added: number; lastSeen: number }>();
  for (const { problemId, added, lastSeen } of shares) {
    const sum = sums.get(problemId) ?? { added: 0, lastSeen: 0 };
    sum.added += added;
    sum.lastSeen = Math.max(sum.lastSeen, lastSeen);
    sums.set(problemId, sum);
  }
  return sums;
}

function countOutcomes(tally: Tally, outcomes: Readonly<PendingOutcomes>): void {
  const { counted, duplicate, malformed, overflow } = outcomes;
  const terms = [
    ['received', '', counted + duplicate + malformed + overflow],
    ['counted', '', counted],
    ['duplicate', '', duplicate],
    ['refused', 'malformed', malformed],
    ['refused', 'overflow', overflow],
  ] as const;
  for (const [outcome, reason, count] of terms) if (count > 0) tally.count('hits', outcome, reason, count);
}
