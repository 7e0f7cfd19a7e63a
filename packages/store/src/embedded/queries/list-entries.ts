import type { EntryRow, Page, RowFilter, Span } from '../../contract/queries.ts';
import { pageLimit, parsePlace, printPlace, type RowPlace } from '../../listing.ts';
import type { Database } from '../sqlite/database.ts';
import { endOfWalk, stretches, type Walk } from './places.ts';
import { allOf, bucketTerms, type Counts, entryTerms, type Term } from './row-conditions.ts';
import { bestSource, bucketSources, type Source } from './sources.ts';

/** Entries that are looked at in one call. */
const LOOKED_AT = 2_500;

const RANK = 'e.stored_at';
const ID = 'e.entry_id';

interface EntryColumns {
  readonly entry_id: string;
  readonly bucket_id: string;
  readonly state: EntryRow['state'];
  readonly types: string;
  readonly bytes: number;
  readonly stored_at: number;
}

/** What the journal adds to a bucket is looked up one by one: whoever asks for entries seldom asks for these. */
const COUNTS: Counts = {
  hits: `min(${Number.MAX_SAFE_INTEGER}, b.hits
    + coalesce((SELECT sum(j.hits) FROM journaled j WHERE j.bucket_id = b.bucket_id), 0))`,
  firstSeen: 'b.first_seen',
  lastSeen: `max(b.last_seen,
    coalesce((SELECT max(j.last_seen) FROM journaled j WHERE j.bucket_id = b.bucket_id), 0))`,
};

/** Whether the filter is about what a journal changes; then the list is to be asked for with it. */
export function asksForCounts({ hits, lastSeen }: RowFilter): boolean {
  return hits !== undefined || lastSeen !== undefined;
}

const JOINED =
  'CROSS JOIN buckets b ON b.bucket_id = e.bucket_id CROSS JOIN problems p ON p.problem_id = b.problem_id';

/** Newest first. */
export function listEntries(db: Database, filter: RowFilter): Page<EntryRow> {
  const after = filter.after === undefined ? undefined : parsePlace(filter.after);
  const limit = pageLimit(filter);
  const { rows, end } = seek(db, filter, after, limit + 1);
  const shown = rows.slice(0, limit).map(entryRow);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? { rank: last.at, id: last.entryId } : end;
  return { rows: shown, ...(next && { next: printPlace(next) }) };
}

/** So many rows; fewer with an `end`: that far the list was looked at. */
function seek(
  db: Database,
  filter: RowFilter,
  after: RowPlace | undefined,
  count: number,
): { readonly rows: readonly EntryColumns[]; readonly end?: RowPlace | undefined } {
  const { bucketId, state: _state, stored, limit: _limit, after: _after, order: _order, ...others } = filter;
  const ofBucket = allOf(bucketTerms(others, COUNTS));
  const joined = ofBucket.sql === 'true' ? '' : JOINED;
  const wanted: readonly Term[] = [[ofBucket.sql, ...ofBucket.values], ...entryTerms(filter)];
  // What a server asks for each bucket it meets concerns the entries alone.
  if (bucketId !== undefined)
    return { rows: inOrder(db, walkIn(bucketId, stored), joined, wanted, after, undefined, count) };
  const { hits: _hits, lastSeen: _lastSeen, ...settled } = others;
  const source = joined === '' ? undefined : bestSource(db, bucketSources(db, settled), LOOKED_AT);
  if (source) return { rows: inBuckets(db, source, wanted, after, count) };
  const walk: Walk = {
    from: 'entries e INDEXED BY entries_by_time',
    rank: RANK,
    id: ID,
    terms: [],
    span: stored,
  };
  const isWhole = joined === '' && filter.state === undefined;
  const end = isWhole ? undefined : endOfWalk(db, walk, after, LOOKED_AT);
  return { rows: inOrder(db, walk, joined, wanted, after, end, count), end };
}

function walkIn(bucketId: string, stored: Span | undefined): Walk {
  const terms: readonly Term[] = [['e.bucket_id = ?', bucketId]];
  return { from: 'entries e INDEXED BY entries_by_bucket', rank: RANK, id: ID, terms, span: stored };
}

const COLUMNS = `e.entry_id, e.bucket_id, e.state, e.bytes, e.stored_at,
  (SELECT json_group_array(json_extract(value, '$.type')) FROM json_each(e.header, '$.parts')) AS types`;

function inOrder(
  db: Database,
  walk: Walk,
  joined: string,
  wanted: readonly Term[],
  after: RowPlace | undefined,
  end: RowPlace | undefined,
  count: number,
): readonly EntryColumns[] {
  const rows: EntryColumns[] = [];
  for (const stretch of stretches(walk, after, end)) {
    const { sql, values } = allOf([...walk.terms, ...wanted, ...stretch]);
    const sought = `SELECT ${COLUMNS} FROM ${walk.from} ${joined} WHERE ${sql} ORDER BY ${RANK} DESC, ${ID} LIMIT ?`;
    rows.push(...db.all<EntryColumns>(sought, ...values, count - rows.length));
    if (rows.length >= count) break;
  }
  return rows;
}

function inBuckets(
  db: Database,
  { ids: [source, ...given] }: Source,
  wanted: readonly Term[],
  after: RowPlace | undefined,
  count: number,
): readonly EntryColumns[] {
  const behind: readonly Term[] = after
    ? [[`${RANK} < ? OR (${RANK} = ? AND ${ID} > ?)`, after.rank, after.rank, after.id]]
    : [];
  const { sql, values } = allOf([...wanted, ...behind]);
  return db.all<EntryColumns>(
    `SELECT ${COLUMNS} FROM (SELECT DISTINCT id FROM (${source})) c CROSS JOIN entries e ON e.bucket_id = c.id ${JOINED}
     WHERE ${sql} ORDER BY ${RANK} DESC, ${ID} LIMIT ?`,
    ...given,
    ...values,
    count,
  );
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
