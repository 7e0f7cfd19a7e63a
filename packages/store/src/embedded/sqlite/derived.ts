/**
 * Sums that other tables imply, as SQL: what they should be, and where they are not. Row by row in the order of a table,
 * each with look-ups by an index, so that no second copy of a table is put together on the way.
 * @module
 */
import type { Database } from './database.ts';
import { ORDER_LAST_HITS } from './search-schema.ts';

const MAX = Number.MAX_SAFE_INTEGER;

const inState = (state: 'pending' | 'uploaded') =>
  `(SELECT count(*) FROM entries e WHERE e.bucket_id = buckets.bucket_id AND e.state = '${state}')`;

const BUCKET_SUMS = '(hits, pending, uploaded)';
const BUCKET_SHOULD_BE = `(
  SELECT CAST(min(total(t.hits), ${MAX}) AS INTEGER), ${inState('pending')}, ${inState('uploaded')}
  FROM totals t WHERE t.program = buckets.program AND t.bucket_id = buckets.bucket_id)`;
const WRONG_BUCKETS = `buckets WHERE ${BUCKET_SUMS} IS NOT ${BUCKET_SHOULD_BE}`;

const PROBLEM_SUMS = '(hits, buckets, pending, uploaded, first_seen, last_seen)';
const PROBLEM_SHOULD_BE = `(
  SELECT CAST(min(total(b.hits), ${MAX}) AS INTEGER), count(*), sum(b.pending), sum(b.uploaded),
    min(b.first_seen), max(b.last_seen)
  FROM buckets b WHERE b.problem_id = problems.problem_id)`;
const WRONG_PROBLEMS = `problems WHERE ${PROBLEM_SUMS} IS NOT ${PROBLEM_SHOULD_BE}`;

const PARTS = "entries e, json_each(e.header, '$.parts') part";
const TYPE = "json_extract(part.value, '$.type')";
const TYPE_SHOULD_BE = `(
  SELECT count(*) FROM ${PARTS} WHERE e.bucket_id = held_types.bucket_id AND ${TYPE} = held_types.type)`;
const WRONG_TYPES = `held_types WHERE count <> ${TYPE_SHOULD_BE}`;
const UNKNOWN_TYPE = `NOT EXISTS (SELECT 1 FROM held_types h WHERE h.bucket_id = e.bucket_id AND h.type = ${TYPE})`;
const MISSING_TYPES = `(SELECT DISTINCT e.bucket_id, ${TYPE} FROM ${PARTS} WHERE ${UNKNOWN_TYPE})`;

/** Rows that are not what they should be. */
export function countWrongSums(db: Database): number {
  const count = (rows: string) =>
    db.get<{ wrong: number }>(`SELECT count(*) AS wrong FROM ${rows}`)?.wrong ?? 0;
  return count(WRONG_BUCKETS) + count(WRONG_PROBLEMS) + count(WRONG_TYPES) + count(MISSING_TYPES);
}

/** Writes anew those that are wrong; gives how many were. */
export function rederiveSums(db: Database): number {
  const wrong = countWrongSums(db);
  if (wrong === 0) return 0;
  db.exec(`UPDATE buckets SET ${BUCKET_SUMS} = ${BUCKET_SHOULD_BE}
    WHERE ${BUCKET_SUMS} IS NOT ${BUCKET_SHOULD_BE}`);
  db.exec(
    'DELETE FROM problems WHERE NOT EXISTS (SELECT 1 FROM buckets b WHERE b.problem_id = problems.problem_id)',
  );
  db.exec(`UPDATE problems SET ${PROBLEM_SUMS} = ${PROBLEM_SHOULD_BE}
    WHERE ${PROBLEM_SUMS} IS NOT ${PROBLEM_SHOULD_BE}`);
  db.exec(`UPDATE held_types SET count = ${TYPE_SHOULD_BE} WHERE count <> ${TYPE_SHOULD_BE}`);
  db.exec('DELETE FROM held_types WHERE count = 0');
  db.exec(`INSERT INTO held_types
    SELECT e.bucket_id, ${TYPE}, count(*) FROM ${PARTS} WHERE ${UNKNOWN_TYPE} GROUP BY 1, 2`);
  db.exec(ORDER_LAST_HITS);
  return wrong;
}
