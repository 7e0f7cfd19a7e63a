/**
 * Makes room in a spool that is too full. What shall happen is written down as a whole before anything of it is done
 * (`eviction.json`); after a crash it is done again, to the same end: counts are set, not added to, and drops that were
 * counted already are found by the id of the plan.
 * @module
 */
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { runsFolder } from '../guard/run-marker.ts';
import { countDrop, type DropReason, isDropCounted } from '../spool/drops.ts';
import {
  type EvictionPlan,
  type EvictionReason,
  planEviction,
  SPOOL_LIMITS,
  type SpoolLimits,
  type WaitingFailure,
} from '../spool/eviction.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import { readOwnJson, removeAny, syncFolder, writeDurably } from '../spool/folder/durable-file.ts';
import {
  readFailure,
  removeFailure,
  removeParts,
  rewriteFailure,
  type Spool,
  sizeOf,
  spoolBytes,
  waitingIds,
} from '../spool/spool.ts';
import { failureReport } from './failure-report.ts';

const MAX_PLAN_BYTES = 4 * 1024 * 1024;

const REASONS: Readonly<Record<EvictionReason, DropReason>> = {
  'too-old': 'too-old',
  'too-many': 'spool-full',
  'too-many-bytes': 'spool-bytes',
};

interface WrittenPlan extends EvictionPlan {
  readonly id: string;
}

/** Makes room, where there is too little, and finishes what was begun. Only for who holds the lock. */
export function trim(spool: Spool, now: number, limits: SpoolLimits = SPOOL_LIMITS): void {
  finishEviction(spool, now);
  if (!needsTrimming(spool, now, limits)) return;
  const plan = planEviction(
    waitingIds(spool).flatMap((id) => waitingFailure(spool, id)),
    now,
    limits,
  );
  if (plan.folded.length + plan.stripped.length + plan.evicted.length === 0) return;
  writeDurably(planFile(spool), JSON.stringify({ id: uuidv7({ now: () => now }), ...plan }));
  finishEviction(spool, now);
}

function planFile(spool: Spool): string {
  return join(spool.folder, 'eviction.json');
}

/** Does what is written down, if anything is. */
export function finishEviction(spool: Spool, now: number): void {
  if (!lstatSync(planFile(spool), { throwIfNoEntry: false })) return;
  const plan = readOwnJson(planFile(spool), MAX_PLAN_BYTES);
  if (isPlan(plan)) carryOut(spool, plan, now);
  removeAny(planFile(spool));
  syncFolder(spool.folder);
}

function isPlan(value: unknown): value is WrittenPlan {
  const { id, grown, stripped, folded, evicted } = (value ?? {}) as Partial<WrittenPlan>;
  return typeof id === 'string' && [grown, stripped, folded, evicted].every((list) => Array.isArray(list));
}

function carryOut(spool: Spool, plan: WrittenPlan, now: number): void {
  for (const { reportId, count } of plan.grown) {
    const facts = readFailure(spool, reportId);
    if (typeof facts === 'object') rewriteFailure(spool, { ...facts, count });
  }
  for (const reportId of plan.stripped) removeParts(spool, reportId);
  for (const reportId of [...plan.folded, ...plan.evicted.map((each) => each.reportId)])
    removeFailure(spool, reportId);
  for (const [why, evicted] of Map.groupBy(plan.evicted, (each) => each.why)) {
    const by = `${plan.id} ${why}`;
    const count = evicted.reduce((sum, each) => sum + each.count, 0);
    if (!isDropCounted(spool, by)) countDrop(spool, REASONS[why], count, now, by);
  }
}

/** Cheap, since nearly always there is enough room. */
function needsTrimming(spool: Spool, now: number, limits: SpoolLimits): boolean {
  const ids = waitingIds(spool);
  const oldest = ids[0] === undefined ? undefined : readFailure(spool, ids[0]);
  return (
    ids.length > limits.failures ||
    spoolBytes(spool) > limits.bytes ||
    (typeof oldest === 'object' && oldest.at < now - limits.ageMs)
  );
}

function waitingFailure(spool: Spool, reportId: string): readonly WaitingFailure[] {
  const facts = readFailure(spool, reportId);
  // What cannot be read is set aside, and counted, when it is its turn.
  if (typeof facts !== 'object') return [];
  const { outcome, consent, count, at } = facts;
  return [
    {
      reportId,
      bucketId: failureReport(facts).bucketId,
      outcome,
      consent,
      count,
      at,
      ...sizeOf(spool, reportId),
      fixed: facts.tried === true || mayExplain(spool, facts),
    },
  ];
}

/** Whether what its program dies of is yet to be concluded from it. */
function mayExplain(spool: Spool, { outcome, life }: FailureFacts): boolean {
  if (life === undefined || (outcome !== 'fatal' && outcome !== 'unknown')) return false;
  return existsSync(join(runsFolder(spool.folder), `${life}.json`));
}
