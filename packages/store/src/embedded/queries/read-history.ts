import { type HistoryFilter, type HistoryPoint, STEP_MS } from '../../contract/history.ts';
import type { Database } from '../sqlite/database.ts';
import { DAY, HOUR, MINUTE } from '../writer/journal/history.ts';

/** Steps as in the table, each with what it counts in. */
const STEPS = [
  { step: MINUTE, ms: STEP_MS.minute },
  { step: HOUR, ms: STEP_MS.hour },
  { step: DAY, ms: STEP_MS.day },
] as const;

/** Sums up rows of the step and of narrower ones; a wider one cannot be divided. */
export function readHistory(db: Database, filter: HistoryFilter): readonly HistoryPoint[] {
  const { from, to, step } = filter;
  const width = STEP_MS[step];
  const sums = new Map<number, number>();
  const add = (start: number, hits: number) => {
    const point = Math.floor(start / width) * width;
    if (point >= from && point < to) sums.set(point, (sums.get(point) ?? 0) + hits);
  };
  for (const bucketId of bucketsOf(db, filter)) {
    for (const narrow of STEPS.filter(({ ms }) => ms <= width))
      for (const { start, hits } of rowsOf(
        db,
        narrow.step,
        bucketId,
        from / narrow.ms,
        (to + width) / narrow.ms,
      ))
        add(start * narrow.ms, hits);
    const sql = 'SELECT minute, hits FROM journaled WHERE bucket_id = ?';
    for (const { minute, hits } of db.all<{ minute: number; hits: number }>(sql, bucketId))
      add(minute * STEP_MS.minute, hits);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([start, hits]) => ({ start, hits }));
}

function bucketsOf(db: Database, { bucketId, problemId }: HistoryFilter): readonly string[] {
  if (bucketId !== undefined) return [bucketId];
  const sql = 'SELECT bucket_id FROM buckets WHERE problem_id = ?';
  return db.all<{ bucket_id: string }>(sql, problemId ?? '').map((row) => row.bucket_id);
}

/** One look per step of the range: rows lie by time first, so that writing and moving them on stays cheap. */
function rowsOf(
  db: Database,
  step: number,
  bucketId: string,
  from: number,
  to: number,
): readonly { readonly start: number; readonly hits: number }[] {
  return db.all(
    `WITH RECURSIVE extent(low, high) AS (
       SELECT max(?, (SELECT min(start) FROM history WHERE step = ?)),
         min(?, (SELECT max(start) FROM history WHERE step = ?))
     ), places(start, high) AS (
       SELECT low, high FROM extent WHERE low <= high
       UNION ALL SELECT start + 1, high FROM places WHERE start < high
     )
     SELECT h.start, h.hits FROM places CROSS JOIN history h
     ON h.step = ? AND h.start = places.start AND h.bucket_id = ?`,
    Math.floor(from),
    step,
    Math.ceil(to),
    step,
    step,
    bucketId,
  );
}
