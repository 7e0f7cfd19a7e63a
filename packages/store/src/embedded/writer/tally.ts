import type { Database } from '../sqlite/database.ts';
import { listBucket, listProblem, moveBucket, moveProblem, unmovedSince } from './lists.ts';
import type { NamedBucket } from './write.ts';

/** 2^53 - 1: the largest total; sums that people see stop there. */
export const MAX_TOTAL: number = Number.MAX_SAFE_INTEGER;

const REMEMBERED = 100_000;

const MAKE_BUCKET = `INSERT INTO buckets
  (bucket_id, problem_id, program, program_version, module_version, first_seen, last_seen)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const MAKE_PROBLEM = `INSERT INTO problems
  (problem_id, program, module, location, search, first_seen, last_seen, buckets)
  VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`;
const ADD_BUCKET_TO_PROBLEM =
  'UPDATE problems SET buckets = buckets + 1, first_seen = min(first_seen, ?) WHERE problem_id = ?';

/** Each once for a row whose last hit stays in its minute, which is most of them, and once more for one that moves. */
const ADD_TO_BUCKET = `UPDATE buckets SET hits = min(hits + ?, ${MAX_TOTAL}), last_seen = max(last_seen, ?),
  changed = max(changed, ?) WHERE bucket_id = ? AND last_seen >= ?`;
const ADD_TO_PROBLEM = `UPDATE problems SET hits = min(hits + ?, ${MAX_TOTAL}), last_seen = max(last_seen, ?)
  WHERE problem_id = ? AND last_seen >= ?`;
const BUCKET_LAST_SEEN = 'SELECT last_seen AS at FROM buckets WHERE bucket_id = ?';
const PROBLEM_LAST_SEEN = 'SELECT last_seen AS at FROM problems WHERE problem_id = ?';

/** Keeps the rows that sum up others: programs, problems, buckets, outcome counts, the sequence of own changes. */
export class Tally {
  readonly #db: Database;
  readonly #programs = new Map<string, number>();
  /** Buckets whose rows are known to be there; forgetting one costs a look. */
  readonly #known = new Set<string>();
  #change: number;

  constructor(db: Database) {
    this.#db = db;
    this.#change = lastChange(db);
  }

  /** Forgets what was learned in a transaction that was undone. */
  reset(): void {
    this.#programs.clear();
    this.#known.clear();
    this.#change = lastChange(this.#db);
  }

  program(name: string): number {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    this.#db.run('INSERT INTO programs (name) VALUES (?) ON CONFLICT DO NOTHING', name);
    const row = this.#db.get<{ program: number }>('SELECT program FROM programs WHERE name = ?', name);
    const program = row?.program ?? 0;
    if (this.#programs.size >= REMEMBERED) this.#programs.clear();
    this.#programs.set(name, program);
    return program;
  }

  /** Makes the bucket's row, and its problem's, where there is none. */
  know(at: NamedBucket, receivedAt: number): void {
    const { bucket, bucketId, problemId } = at;
    if (this.#known.has(bucketId)) return;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.add(bucketId);
    const program = this.program(bucket.program);
    const names = [bucketId, problemId, program, bucket.programVersion, bucket.moduleVersion] as const;
    if (this.#db.run(MAKE_BUCKET, ...names, receivedAt, receivedAt) === 0) return;
    listBucket(this.#db, bucketId, receivedAt);
    const words = [problemId, program, bucket.module, bucket.location, at.search] as const;
    if (this.#db.run(MAKE_PROBLEM, ...words, receivedAt, receivedAt) > 0)
      listProblem(this.#db, problemId, at.search, receivedAt);
    else {
      this.#db.run(ADD_BUCKET_TO_PROBLEM, receivedAt, problemId);
      this.addToProblem(problemId, 0, receivedAt);
    }
    this.#addSavedHits(at, program, receivedAt);
  }

  /** A salvaged database may have lost the bucket's row and kept its totals. */
  #addSavedHits(at: NamedBucket, program: number, receivedAt: number): void {
    const saved = this.#db.get<{ hits: number }>(
      `SELECT CAST(min(total(hits), ${MAX_TOTAL}) AS INTEGER) AS hits FROM totals WHERE program = ? AND bucket_id = ?`,
      program,
      at.bucketId,
    );
    if (!saved || saved.hits === 0) return;
    this.addToBucket(at.bucketId, saved.hits, receivedAt, false);
    this.addToProblem(at.problemId, saved.hits, receivedAt);
  }

  /** Adds to what people see of a bucket. `own`: counted here, so that it must be offered again. */
  addToBucket(bucketId: string, hits: number, receivedAt: number, own: boolean): void {
    if (own) this.#change += 1;
    const change = own ? this.#change : 0;
    const unmoved = unmovedSince(receivedAt);
    if (this.#db.run(ADD_TO_BUCKET, hits, receivedAt, change, bucketId, unmoved) > 0) return;
    const was = this.#db.get<{ at: number }>(BUCKET_LAST_SEEN, bucketId)?.at;
    if (was === undefined) return;
    this.#db.run(ADD_TO_BUCKET, hits, receivedAt, change, bucketId, was);
    moveBucket(this.#db, bucketId, was, receivedAt);
  }

  /** The same for the bucket's problem. */
  addToProblem(problemId: string, hits: number, receivedAt: number): void {
    const unmoved = unmovedSince(receivedAt);
    if (this.#db.run(ADD_TO_PROBLEM, hits, receivedAt, problemId, unmoved) > 0) return;
    const was = this.#db.get<{ at: number }>(PROBLEM_LAST_SEEN, problemId)?.at;
    if (was === undefined) return;
    this.#db.run(ADD_TO_PROBLEM, hits, receivedAt, problemId, was);
    moveProblem(this.#db, problemId, was, receivedAt);
  }

  /** Shifts the entry counts of a bucket and its problem. */
  addEntries(bucketId: string, pending: number, uploaded: number): void {
    this.#db.run(
      'UPDATE buckets SET pending = pending + ?, uploaded = uploaded + ? WHERE bucket_id = ?',
      pending,
      uploaded,
      bucketId,
    );
    this.#db.run(
      `UPDATE problems SET pending = pending + ?, uploaded = uploaded + ?
       WHERE problem_id = (SELECT problem_id FROM buckets WHERE bucket_id = ?)`,
      pending,
      uploaded,
      bucketId,
    );
  }

  addTypes(bucketId: string, types: readonly string[], count: 1 | -1): void {
    for (const type of types) {
      this.#db.run(
        'INSERT INTO held_types VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
        bucketId,
        type,
        count,
      );
    }
    if (count < 0) this.#db.run('DELETE FROM held_types WHERE bucket_id = ? AND count <= 0', bucketId);
  }

  /** Puts the bucket at the end of the sequence of own changes. */
  touch(bucketId: string): void {
    this.#change += 1;
    this.#db.run('UPDATE buckets SET changed = ? WHERE bucket_id = ?', this.#change, bucketId);
  }

  count(of: 'hits' | 'entries', outcome: string, reason: string, count = 1): void {
    this.#db.run(
      `INSERT INTO outcomes VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = min(count + excluded.count, ${MAX_TOTAL})`,
      of,
      outcome,
      reason,
      count,
    );
  }
}

function lastChange(db: Database): number {
  return (
    db.get<{ last: number | null }>('SELECT max(changed) AS last FROM buckets WHERE changed > 0')?.last ?? 0
  );
}
