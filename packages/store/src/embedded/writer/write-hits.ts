import type { Origin } from '@fr/protocol';
import type { Database } from '../sqlite/database.ts';
import { readOrigin } from '../sqlite/origin.ts';
import type { ReportIds } from './journal/report-ids.ts';
import type { Tally } from './tally.ts';
import { addToTotal, heldTotal } from './totals.ts';
import type { Writes } from './write.ts';

/** Belongs to no program: the ids share a table with those of hits, under a name that no bucket has. */
export function recordDrops(
  tally: Tally,
  ids: ReportIds,
  { idBytes, counts, receivedAt }: Writes['recordDrops']['take'],
): Writes['recordDrops']['give'] {
  const program = tally.program('');
  if (!ids.take(program, Buffer.from(idBytes), 0)) return 'duplicate';
  ids.keep(program, idBytes, 0, receivedAt);
  ids.store();
  for (const { reason, count } of counts) tally.count('hits', 'dropped', reason, count);
  return 'counted';
}

/** By max, so that a repeat or an older message changes nothing. */
export function mergeTotals(
  db: Database,
  tally: Tally,
  take: Writes['merge']['take'],
): Writes['merge']['give'] {
  const { origin, receivedAt } = take;
  return take.totals.map(({ at, hits }) => {
    const program = tally.program(at.bucket.program);
    const held = heldTotal(db, program, at.bucketId, origin);
    tally.know(at, receivedAt);
    if (held === undefined || hits > held) {
      addToTotal(db, program, at.bucketId, origin, hits - (held ?? 0));
      tally.addToBucket(at.bucketId, hits - (held ?? 0), receivedAt, false);
      tally.addToProblem(at.problemId, hits - (held ?? 0), receivedAt);
    }
    return { bucketId: at.bucketId, hits: Math.max(held ?? 0, hits) };
  });
}

/** By the clock at least, so that two copies of one folder do not open the same epoch. */
export function openEpoch(db: Database, now: number): Origin {
  const { id, epoch } = readOrigin(db);
  const next = Math.max(epoch + 1, now);
  db.run("UPDATE facts SET value = ? WHERE name = 'epoch'", next);
  return { id, epoch: next };
}
