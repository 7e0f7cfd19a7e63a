import type {
  BucketRow,
  OutcomeCount,
  Page,
  ProblemRow,
  Queries,
  RowFilter,
} from '../../contract/queries.ts';
import { printPlace } from '../../listing.ts';
import { ask, type Engine } from '../engine.ts';
import type { Database } from '../sqlite/database.ts';
import { askApplied } from './ask-applied.ts';
import {
  BUCKET_COLUMNS,
  type BucketColumns,
  bucketOf,
  FROM_BUCKETS,
  JOINED_TO_BUCKETS,
} from './bucket-columns.ts';
import { asksForCounts, listEntries } from './list-entries.ts';
import { type Listed, type ListKind, type ListPage, listRows, withAdded } from './list-rows.ts';
import { readHistory } from './read-history.ts';
import { bucketTerms, problemTerms } from './row-conditions.ts';
import { bucketSources, problemSources } from './sources.ts';

const MAX = Number.MAX_SAFE_INTEGER;

const BUCKETS: ListKind = {
  table: 'buckets',
  row: 'b',
  id: 'bucket_id',
  columns: BUCKET_COLUMNS,
  joined: JOINED_TO_BUCKETS,
  added:
    'SELECT bucket_id AS id, sum(hits) AS more, max(last_seen) AS last FROM journaled GROUP BY bucket_id',
  isAdded: 'SELECT 1 FROM journaled a WHERE a.bucket_id = b.bucket_id',
  terms: bucketTerms,
  sources: bucketSources,
};

const PROBLEMS: ListKind = {
  table: 'problems',
  row: 'p',
  id: 'problem_id',
  columns: 'p.*, g.name AS program_name',
  joined: 'CROSS JOIN programs g ON g.program = p.program',
  added: `SELECT b.problem_id AS id, sum(j.hits) AS more, max(j.last_seen) AS last
    FROM journaled j CROSS JOIN buckets b ON b.bucket_id = j.bucket_id GROUP BY b.problem_id`,
  isAdded: `SELECT 1 FROM buckets o INDEXED BY buckets_by_problem CROSS JOIN journaled a ON a.bucket_id = o.bucket_id
    WHERE o.problem_id = p.problem_id`,
  terms: problemTerms,
  sources: problemSources,
};

/** Lists straight from the tables, a page at a time, and what the journal adds to them. */
export function embeddedQueries(engine: Engine): Queries {
  return {
    buckets: async (filter = {}) => askApplied(engine, (db, journaled) => listBuckets(db, filter, journaled)),
    bucket: async (bucketId) => askApplied(engine, (db) => findBucket(db, bucketId)),
    problems: async (filter = {}) =>
      askApplied(engine, (db, journaled) => listProblems(db, filter, journaled)),
    entries: async (filter = {}) =>
      (asksForCounts(filter) ? askApplied : ask)(engine, (db: Database) => listEntries(db, filter)),
    history: async (filter) => askApplied(engine, (db) => readHistory(db, filter)),
    outcomes: async () => askApplied(engine, readOutcomes),
  };
}

function readOutcomes(db: Database): readonly OutcomeCount[] {
  const sql = `SELECT "of", outcome, reason, min(sum(count), ${MAX}) AS count FROM (
      SELECT kind AS "of", outcome, reason, count FROM outcomes
      UNION ALL SELECT 'hits', outcome, reason, count FROM journaled_outcomes
    ) GROUP BY 1, 2, 3`;
  return db.all<OutcomeCount>(sql).map((row) => ({ ...row }));
}

function findBucket(db: Database, bucketId: string): BucketRow | undefined {
  const sql = `SELECT ${BUCKET_COLUMNS}, 0 AS list_rank, b.bucket_id AS list_id, sum(j.hits) AS more,
      max(j.last_seen) AS last
    ${FROM_BUCKETS} LEFT JOIN journaled j ON j.bucket_id = b.bucket_id WHERE b.bucket_id = ? GROUP BY b.bucket_id`;
  const row = db.get<BucketColumns & Listed>(sql, bucketId);
  return row && bucketRow(db, row);
}

function listBuckets(db: Database, filter: RowFilter, journaled: boolean): Page<BucketRow> {
  const listed = listRows<BucketColumns & Listed>(db, BUCKETS, filter, journaled);
  return printPage(listed, (row) => bucketRow(db, row));
}

function listProblems(db: Database, filter: RowFilter, journaled: boolean): Page<ProblemRow> {
  const listed = listRows<ProblemColumns & Listed>(db, PROBLEMS, filter, journaled);
  return printPage(listed, (row) => problemRow(db, row));
}

function printPage<Columns, Row>(
  { rows, next }: ListPage<Columns>,
  print: (columns: Columns) => Row,
): Page<Row> {
  return { rows: rows.map(print), ...(next && { next: printPlace(next) }) };
}

function bucketRow(db: Database, columns: BucketColumns & Listed): BucketRow {
  const row = withAdded(columns);
  const types = db.all<{ type: string; count: number }>(
    'SELECT type, count FROM held_types WHERE bucket_id = ?',
    row.bucket_id,
  );
  return {
    bucketId: row.bucket_id,
    problemId: row.problem_id,
    bucket: bucketOf(row),
    hits: row.hits,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    entries: { pending: row.pending, uploaded: row.uploaded },
    types: Object.fromEntries(types.map(({ type, count }) => [type, count])),
  };
}

interface ProblemColumns extends Omit<BucketColumns, 'bucket_id' | 'program_version' | 'module_version'> {
  readonly buckets: number;
}

function problemRow(db: Database, columns: ProblemColumns & Listed): ProblemRow {
  const row = withAdded(columns);
  const versions = db.all<{ version: string }>(
    'SELECT DISTINCT program_version AS version FROM buckets WHERE problem_id = ? ORDER BY 1',
    row.problem_id,
  );
  return {
    problemId: row.problem_id,
    program: row.program_name,
    module: row.module,
    location: row.location,
    hits: row.hits,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    versions: versions.map(({ version }) => version),
    buckets: row.buckets,
    entries: { pending: row.pending, uploaded: row.uploaded },
  };
}
