import type { HitResult, Origin } from '@fr/protocol';
import type { Database } from '../sqlite/database.ts';
import { readOrigin } from '../sqlite/origin.ts';
import { MAX_TOTAL, type Tally } from './tally.ts';
import type { CountableHit, NamedBucket, Writes } from './write.ts';

const DAY = 24 * 60 * 60 * 1_000;

/** Ids are promised to be kept for 45 days; six more make room for a clock that was wrong. */
const REPORT_ID_LIFE_MS = 51 * DAY;

/** One bucket's share of a call. */
interface Sum {
  readonly at: NamedBucket;
  readonly held: number;
  added: number;
}

export function recordHits(db: Database, tally: Tally, take: Writes['record']['take']): readonly HitResult[] {
  const origin = readOrigin(db);
  const sums = new Map<string, Sum>();
  const results = take.hits.map((hit) => settleHit(db, tally, origin, sums, hit, take.receivedAt));
  for (const { at, added } of sums.values()) {
    if (added === 0) continue;
    tally.know(at, take.receivedAt);
    writeTotal(db, tally.program(at.bucket.program), at.bucketId, origin, added);
    tally.addHits(at, added, take.receivedAt, true);
  }
  if (results.length > 0) tally.count('hits', 'received', '', results.length);
  for (const [key, same] of Map.groupBy(results, ({ result, reason }) => `${result}/${reason ?? ''}`)) {
    const [outcome = '', reason = ''] = key.split('/');
    tally.count('hits', outcome, reason, same.length);
  }
  forgetOldReports(db, take.receivedAt);
  return results;
}

/** Belongs to no program: the ids share a table with those of hits, under a name that no bucket has. */
export function recordDrops(
  db: Database,
  tally: Tally,
  { idBytes, counts, receivedAt }: Writes['recordDrops']['take'],
): Writes['recordDrops']['give'] {
  const isNew = db.run(
    'INSERT INTO reports VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    tally.program(''),
    idBytes,
    receivedAt,
  );
  if (isNew === 0) return 'duplicate';
  for (const { reason, count } of counts) tally.count('hits', 'dropped', reason, count);
  return 'counted';
}

function settleHit(
  db: Database,
  tally: Tally,
  origin: Origin,
  sums: Map<string, Sum>,
  hit: CountableHit,
  receivedAt: number,
): HitResult {
  const { reportId, idBytes, at, count } = hit;
  if (idBytes === undefined || !Number.isSafeInteger(count) || count < 1)
    return { reportId, result: 'refused', reason: 'malformed' };
  const program = tally.program(at.bucket.program);
  const isNew = db.run(
    'INSERT INTO reports VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    program,
    idBytes,
    receivedAt,
  );
  if (isNew === 0) return { reportId, result: 'duplicate' };
  const sum = sums.get(at.bucketId) ?? {
    at,
    held: heldTotal(db, program, at.bucketId, origin) ?? 0,
    added: 0,
  };
  sums.set(at.bucketId, sum);
  if (sum.held + sum.added + count > MAX_TOTAL) {
    db.run('DELETE FROM reports WHERE program = ? AND report_id = ?', program, idBytes);
    return { reportId, result: 'refused', reason: 'overflow' };
  }
  sum.added += count;
  return { reportId, result: 'counted' };
}

function heldTotal(db: Database, program: number, bucketId: string, origin: Origin): number | undefined {
  return db.get<{ hits: number }>(
    'SELECT hits FROM totals WHERE program = ? AND bucket_id = ? AND origin_id = ? AND epoch = ?',
    program,
    bucketId,
    origin.id,
    origin.epoch,
  )?.hits;
}

function writeTotal(db: Database, program: number, bucketId: string, origin: Origin, added: number): void {
  db.run(
    'INSERT INTO totals VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET hits = hits + excluded.hits',
    program,
    bucketId,
    origin.id,
    origin.epoch,
    added,
  );
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
      writeTotal(db, program, at.bucketId, origin, hits - (held ?? 0));
      tally.addHits(at, hits - (held ?? 0), receivedAt, false);
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

/** A few at a time, with every call, so that no call pays for all. */
function forgetOldReports(db: Database, receivedAt: number): void {
  db.run(
    `DELETE FROM reports WHERE (program, report_id) IN
       (SELECT program, report_id FROM reports WHERE at < ? ORDER BY at LIMIT 200)`,
    receivedAt - REPORT_ID_LIFE_MS,
  );
}
