import type {
  BucketRow,
  EntryRow,
  OutcomeCount,
  Page,
  ProblemRow,
  Queries,
  RowFilter,
} from '../contract/queries.ts';
import { pageLimit, parsePlace, printPlace, type RowPlace } from '../listing.ts';
import { ask, askCounts, type Engine } from './engine.ts';
import { type BucketColumns, bucketOf, FROM_BUCKETS } from './sqlite/bucket-columns.ts';
import type { Database } from './sqlite/database.ts';
import { readHistory } from './sqlite/read-history.ts';
import { bucketConditions, type Conditions, pageConditions } from './sqlite/row-conditions.ts';

const MAX = Number.MAX_SAFE_INTEGER;

const BUCKET_COLUMNS = 'b.*, p.module, p.location, g.name AS program_name';

/** Lists straight from the tables, a page at a time, and what the journal adds to them. */
export function embeddedQueries(engine: Engine): Queries {
  return {
    buckets: async (filter = {}) => askCounts(engine, (db, journaled) => listBuckets(db, filter, journaled)),
    bucket: async (bucketId) => askCounts(engine, (db) => findBucket(db, bucketId)),
    problems: async (filter = {}) =>
      askCounts(engine, (db, journaled) => listProblems(db, filter, journaled)),
    entries: async (filter = {}) => ask(engine, (db) => listEntries(db, filter)),
    history: async (filter) => askCounts(engine, (db) => readHistory(db, filter)),
    outcomes: async () => askCounts(engine, readOutcomes),
  };
}

function readOutcomes(db: Database): readonly OutcomeCount[] {
  const sql = `SELECT "of", outcome, reason, min(sum(count), ${MAX}) AS count FROM (
      SELECT kind AS "of", outcome, reason, count FROM outcomes
      UNION ALL SELECT 'hits', outcome, reason, count FROM journaled_outcomes
    ) GROUP BY 1, 2, 3`;
  return db.all<OutcomeCount>(sql).map((row) => ({ ...row }));
}

/** By bucket: what the journal adds. */
const JOURNALED =
  '(SELECT bucket_id, sum(hits) AS more, max(last_seen) AS last FROM journaled GROUP BY bucket_id)';

const JOURNALED_BUCKETS = `SELECT ${BUCKET_COLUMNS}, j.more, j.last ${FROM_BUCKETS} JOIN ${JOURNALED} j ON j.bucket_id = b.bucket_id`;

function findBucket(db: Database, bucketId: string): BucketRow | undefined {
  const sql = `SELECT ${BUCKET_COLUMNS}, sum(j.hits) AS more, max(j.last_seen) AS last ${FROM_BUCKETS}
    LEFT JOIN journaled j ON j.bucket_id = b.bucket_id WHERE b.bucket_id = ? GROUP BY b.bucket_id`;
  const row = db.get<BucketColumns & Added>(sql, bucketId);
  return row && bucketRow(db, withAdded(row));
}

function listBuckets(db: Database, filter: RowFilter, journaled: boolean): Page<BucketRow> {
  const conditions = bucketConditions(filter);
  const { sql, values } = pageConditions(conditions, filter, 'b.hits', 'b.bucket_id');
  const settled = journaled ? `(${sql}) AND b.bucket_id NOT IN (SELECT bucket_id FROM journaled)` : sql;
  const rows = db.all<BucketColumns>(
    `SELECT ${BUCKET_COLUMNS} ${FROM_BUCKETS} WHERE ${settled} ORDER BY b.hits DESC, b.bucket_id LIMIT ?`,
    ...values,
    pageLimit(filter) + 1,
  );
  const added = journaled
    ? db.all<BucketColumns & Added>(`${JOURNALED_BUCKETS} WHERE ${conditions.sql}`, ...conditions.values)
    : [];
  return page(
    mergeByHits(rows, added, filter, (row) => row.bucket_id),
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

/** What the journal adds to a row. */
interface Added {
  readonly more: number | null;
  readonly last: number | null;
}

interface Counted {
  readonly hits: number;
  readonly last_seen: number;
}

function withAdded<Columns extends Counted>(row: Columns & Added): Columns {
  return {
    ...row,
    hits: Math.min(MAX, row.hits + (row.more ?? 0)),
    last_seen: Math.max(row.last_seen, row.last ?? 0),
  };
}

/** Rows the journal adds to, in their places between those it does not; as many as the page may need. */
function mergeByHits<Columns extends Counted>(
  settled: readonly Columns[],
  journaled: readonly (Columns & Added)[],
  filter: RowFilter,
  idOf: (row: Columns) => string,
): readonly Columns[] {
  if (journaled.length === 0) return settled;
  const after = filter.after === undefined ? undefined : parsePlace(filter.after);
  const isBehind = (row: Columns) =>
    after === undefined || row.hits < after.rank || (row.hits === after.rank && idOf(row) > after.id);
  return [...settled, ...journaled.map(withAdded<Columns>).filter(isBehind)]
    .sort((a, b) => b.hits - a.hits || (idOf(a) < idOf(b) ? -1 : 1))
    .slice(0, pageLimit(filter) + 1);
}

interface ProblemColumns extends Omit<BucketColumns, 'bucket_id' | 'program_version' | 'module_version'> {
  readonly buckets: number;
}

const FROM_PROBLEMS = 'FROM problems p JOIN programs g ON g.program = p.program';

function listProblems(db: Database, filter: RowFilter, journaled: boolean): Page<ProblemRow> {
  const conditions = problemConditions(filter);
  const { sql, values } = pageConditions(conditions, filter, 'p.hits', 'p.problem_id');
  const settled = journaled
    ? `(${sql}) AND p.problem_id NOT IN (SELECT b.problem_id FROM journaled j JOIN buckets b ON b.bucket_id = j.bucket_id)`
    : sql;
  const rows = db.all<ProblemColumns>(
    `SELECT p.*, g.name AS program_name ${FROM_PROBLEMS} WHERE ${settled} ORDER BY p.hits DESC, p.problem_id LIMIT ?`,
    ...values,
    pageLimit(filter) + 1,
  );
  const added = journaled
    ? db.all<ProblemColumns & Added>(
        `SELECT p.*, g.name AS program_name, j.more, j.last ${FROM_PROBLEMS} JOIN (
           SELECT b.problem_id, sum(j.hits) AS more, max(j.last_seen) AS last
           FROM journaled j JOIN buckets b ON b.bucket_id = j.bucket_id GROUP BY b.problem_id
         ) j ON j.problem_id = p.problem_id WHERE ${conditions.sql}`,
        ...conditions.values,
      )
    : [];
  return page(
    mergeByHits(rows, added, filter, (row) => row.problem_id),
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
  const { from, conditions } = entrySource(filter);
  const { sql, values } = pageConditions(conditions, filter, 'e.stored_at', 'e.entry_id');
  const rows = db.all<EntryColumns>(
    `SELECT e.entry_id, e.bucket_id, e.state, e.bytes, e.stored_at,
       (SELECT json_group_array(json_extract(value, '$.type')) FROM json_each(e.header, '$.parts')) AS types
     FROM ${from} WHERE ${sql} ORDER BY e.stored_at DESC, e.entry_id LIMIT ?`,
    ...values,
    pageLimit(filter) + 1,
  );
  return page(rows, filter, entryRow, (row) => ({ rank: row.at, id: row.entryId }));
}

/** What a server asks for each bucket it meets concerns the entries alone. */
function entrySource(filter: RowFilter): { readonly from: string; readonly conditions: Conditions } {
  const { bucketId, limit: _limit, after: _after, ...others } = filter;
  if (bucketId !== undefined && Object.values(others).every((other) => other === undefined))
    return { from: 'entries e', conditions: { sql: 'e.bucket_id = ?', values: [bucketId] } };
  return {
    from: 'entries e JOIN buckets b ON b.bucket_id = e.bucket_id JOIN problems p ON p.problem_id = b.problem_id',
    conditions: bucketConditions(filter),
  };
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
