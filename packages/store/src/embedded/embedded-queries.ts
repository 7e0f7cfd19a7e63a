import type {
  BucketRow,
  EntryRow,
  OutcomeCount,
  Page,
  ProblemRow,
  Queries,
  RowFilter,
} from '../contract/queries.ts';
import { pageLimit, printPlace, type RowPlace } from '../listing.ts';
import { ask, type Engine } from './engine.ts';
import { type BucketColumns, bucketOf, FROM_BUCKETS } from './sqlite/bucket-columns.ts';
import type { Database } from './sqlite/database.ts';
import { bucketConditions, type Conditions, pageConditions } from './sqlite/row-conditions.ts';

const BUCKET_COLUMNS = 'b.*, p.module, p.location, g.name AS program_name';

/** Lists straight from the tables, a page at a time. */
export function embeddedQueries(engine: Engine): Queries {
  return {
    buckets: async (filter = {}) => ask(engine, (db) => listBuckets(db, filter)),
    bucket: async (bucketId) =>
      ask(engine, (db) => {
        const sql = `SELECT ${BUCKET_COLUMNS} ${FROM_BUCKETS} WHERE b.bucket_id = ?`;
        const row = db.get<BucketColumns>(sql, bucketId);
        return row && bucketRow(db, row);
      }),
    problems: async (filter = {}) => ask(engine, (db) => listProblems(db, filter)),
    entries: async (filter = {}) => ask(engine, (db) => listEntries(db, filter)),
    outcomes: async () =>
      ask(engine, (db) => {
        const sql = 'SELECT kind AS "of", outcome, reason, count FROM outcomes';
        return db.all<OutcomeCount>(sql).map((row) => ({ ...row }));
      }),
  };
}

function listBuckets(db: Database, filter: RowFilter): Page<BucketRow> {
  const { sql, values } = pageConditions(bucketConditions(filter), filter, 'b.hits', 'b.bucket_id');
  const rows = db.all<BucketColumns>(
    `SELECT ${BUCKET_COLUMNS} ${FROM_BUCKETS} WHERE ${sql} ORDER BY b.hits DESC, b.bucket_id LIMIT ?`,
    ...values,
    pageLimit(filter) + 1,
  );
  return page(
    rows,
    filter,
    (row) => bucketRow(db, row),
    (row) => ({ rank: row.hits, id: row.bucketId }),
  );
}

function bucketRow(db: Database, row: BucketColumns): BucketRow {
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

function listProblems(db: Database, filter: RowFilter): Page<ProblemRow> {
  const { sql, values } = pageConditions(problemConditions(filter), filter, 'p.hits', 'p.problem_id');
  const rows = db.all<ProblemColumns>(
    `SELECT p.*, g.name AS program_name FROM problems p JOIN programs g ON g.program = p.program
     WHERE ${sql} ORDER BY p.hits DESC, p.problem_id LIMIT ?`,
    ...values,
    pageLimit(filter) + 1,
  );
  return page(
    rows,
    filter,
    (row) => problemRow(db, row),
    (row) => ({ rank: row.hits, id: row.problemId }),
  );
}

/** A problem fits when one of its buckets does; without a filter nothing of the buckets is looked at. */
function problemConditions(filter: RowFilter): Conditions {
  const { sql, values } = bucketConditions(filter);
  if (sql === 'true') return { sql, values };
  return { sql: `EXISTS (SELECT 1 FROM buckets b WHERE b.problem_id = p.problem_id AND ${sql})`, values };
}

function problemRow(db: Database, row: ProblemColumns): ProblemRow {
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

interface EntryColumns {
  readonly entry_id: string;
  readonly bucket_id: string;
  readonly state: EntryRow['state'];
  readonly types: string;
  readonly bytes: number;
  readonly stored_at: number;
}

function listEntries(db: Database, filter: RowFilter): Page<EntryRow> {
  const { sql, values } = pageConditions(bucketConditions(filter), filter, 'e.stored_at', 'e.entry_id');
  const rows = db.all<EntryColumns>(
    `SELECT e.entry_id, e.bucket_id, e.state, e.bytes, e.stored_at,
       (SELECT json_group_array(json_extract(value, '$.type')) FROM json_each(e.header, '$.parts')) AS types
     FROM entries e JOIN buckets b ON b.bucket_id = e.bucket_id JOIN problems p ON p.problem_id = b.problem_id
     WHERE ${sql} ORDER BY e.stored_at DESC, e.entry_id LIMIT ?`,
    ...values,
    pageLimit(filter) + 1,
  );
  return page(rows, filter, entryRow, (row) => ({ rank: row.at, id: row.entryId }));
}

function entryRow(row: EntryColumns): EntryRow {
  return {
    entryId: row.entry_id,
    bucketId: row.bucket_id,
    state: row.state,
    types: JSON.parse(row.types),
    bytes: row.bytes,
    at: row.stored_at,
  };
}

/** One row more than asked for was fetched: whether it is there says whether there is a next page. */
function page<Columns, Row>(
  fetched: readonly Columns[],
  filter: RowFilter,
  print: (columns: Columns) => Row,
  placeOf: (row: Row) => RowPlace,
): Page<Row> {
  const limit = pageLimit(filter);
  const rows = fetched.slice(0, limit).map(print);
  const last = rows.at(-1);
  return last !== undefined && fetched.length > limit ? { rows, next: printPlace(placeOf(last)) } : { rows };
}
