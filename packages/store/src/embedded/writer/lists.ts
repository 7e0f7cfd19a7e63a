/**
 * What the writer keeps beside the rows of buckets and problems, so that lists find them; the tables are told in
 * `sqlite/search-schema.ts`. Called in the transaction that writes the row itself.
 * @module
 */
import type { Database } from '../sqlite/database.ts';
import { SEEN_STEP_MS } from '../sqlite/search-schema.ts';

/** The row is new. */
export function listBucket(db: Database, bucketId: string, seenAt: number): void {
  db.run('INSERT OR IGNORE INTO seen_buckets VALUES (?, ?)', minuteOf(seenAt), bucketId);
}

/** The row is new. `search`: the text it is found by. */
export function listProblem(db: Database, problemId: string, search: string, seenAt: number): void {
  db.run('INSERT OR IGNORE INTO seen_problems VALUES (?, ?)', minuteOf(seenAt), problemId);
  db.run('INSERT INTO problem_numbers (problem_id) VALUES (?)', problemId);
  db.run('INSERT INTO problem_words (rowid, search) VALUES (last_insert_rowid(), ?)', search);
}

/** The row's last hit was at `was` and is at `is`. */
export function moveBucket(db: Database, bucketId: string, was: number, is: number): void {
  if (minuteOf(was) === minuteOf(is)) return;
  db.run('DELETE FROM seen_buckets WHERE minute = ? AND bucket_id = ?', minuteOf(was), bucketId);
  listBucket(db, bucketId, is);
}

/** The same for a problem. */
export function moveProblem(db: Database, problemId: string, was: number, is: number): void {
  if (minuteOf(was) === minuteOf(is)) return;
  db.run('DELETE FROM seen_problems WHERE minute = ? AND problem_id = ?', minuteOf(was), problemId);
  db.run('INSERT OR IGNORE INTO seen_problems VALUES (?, ?)', minuteOf(is), problemId);
}

/** The earliest time of a last hit that a hit at `at` does not move. */
export function unmovedSince(at: number): number {
  return minuteOf(at) * SEEN_STEP_MS;
}

/** Cut off as SQLite does. */
function minuteOf(at: number): number {
  return Math.trunc(at / SEEN_STEP_MS);
}
