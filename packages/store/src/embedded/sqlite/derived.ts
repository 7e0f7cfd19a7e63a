/**
 * Sums that other tables imply, as SQL: what they should be, and where they are not.
 * @module
 */
import type { Database } from './database.ts';

const MAX = Number.MAX_SAFE_INTEGER;

const BUCKETS_SHOULD_BE = `
  SELECT b.bucket_id,
    CAST(min(coalesce((SELECT total(t.hits) FROM totals t
      WHERE t.program = b.program AND t.bucket_id = b.bucket_id), 0), ${MAX}) AS INTEGER) AS hits,
    (SELECT count(*) FROM entries e WHERE e.bucket_id = b.bucket_id AND e.state = 'pending') AS pending,
    (SELECT count(*) FROM entries e WHERE e.bucket_id = b.bucket_id AND e.state = 'uploaded') AS uploaded
  FROM buckets b`;

const PROBLEMS_SHOULD_BE = `
  SELECT problem_id, CAST(min(total(hits), ${MAX}) AS INTEGER) AS hits, count(*) AS buckets,
    sum(pending) AS pending, sum(uploaded) AS uploaded, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM buckets GROUP BY problem_id`;

const TYPES_SHOULD_BE = `
  SELECT e.bucket_id, json_extract(part.value, '$.type') AS type, count(*) AS count
  FROM entries e, json_each(e.header, '$.parts') part GROUP BY 1, 2`;

/** Rows that are not what they should be. */
export function countWrongSums(db: Database): number {
  const count = (sql: string) =>
    db.get<{ wrong: number }>(`SELECT count(*) AS wrong FROM (${sql})`)?.wrong ?? 0;
  const buckets = count(`SELECT bucket_id, hits, pending, uploaded FROM buckets EXCEPT ${BUCKETS_SHOULD_BE}`);
  const problems = count(
    `SELECT problem_id, hits, buckets, pending, uploaded, first_seen, last_seen FROM problems EXCEPT ${PROBLEMS_SHOULD_BE}`,
  );
  const types = count(`SELECT bucket_id, type, count FROM held_types EXCEPT ${TYPES_SHOULD_BE}`);
  const missing = count(`${TYPES_SHOULD_BE} EXCEPT SELECT bucket_id, type, count FROM held_types`);
  return buckets + problems + Math.max(types, missing);
}

/** Writes them anew; gives how many were wrong. */
export function rederiveSums(db: Database): number {
  const wrong = countWrongSums(db);
  if (wrong === 0) return 0;
  db.exec(`UPDATE buckets SET hits = s.hits, pending = s.pending, uploaded = s.uploaded
    FROM (${BUCKETS_SHOULD_BE}) s WHERE s.bucket_id = buckets.bucket_id`);
  db.exec('DELETE FROM problems WHERE problem_id NOT IN (SELECT problem_id FROM buckets)');
  db.exec(`UPDATE problems SET hits = s.hits, buckets = s.buckets, pending = s.pending, uploaded = s.uploaded,
      first_seen = s.first_seen, last_seen = s.last_seen
    FROM (${PROBLEMS_SHOULD_BE}) s WHERE s.problem_id = problems.problem_id`);
  db.exec('DELETE FROM held_types');
  db.exec(`INSERT INTO held_types ${TYPES_SHOULD_BE}`);
  return wrong;
}
