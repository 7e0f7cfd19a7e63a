/**
 * What SQLite calls sound and is not: it keeps no checksums, so that a bit turned inside a value shows in nothing it
 * looks at. Rows that are named by a hash of their own texts show it, and so do texts that have a form.
 * @module
 */
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import { decodeEntryHeader, decodeReceipt, decodeSignedDemand } from '@fr/protocol';
import { searchableText } from '../../listing.ts';
import { type BucketColumns, bucketOf } from '../queries/bucket-columns.ts';
import type { Database, SqlValue } from './database.ts';

/** One row that is not what was written, by the key of its table. */
export interface UnsoundRow {
  readonly table: keyof typeof KEYS;
  readonly key: string;
}

const KEYS = {
  problems: 'problem_id',
  buckets: 'bucket_id',
  entries: 'entry_id',
  demands: 'demand_id',
  settings: 'name',
} as const;

type Row = Readonly<Record<string, SqlValue>>;

/** Reads every row of these tables. */
export function unsoundRows(db: Database): readonly UnsoundRow[] {
  return (Object.keys(KEYS) as UnsoundRow['table'][]).flatMap((table) => unsoundIn(db, table));
}

function unsoundIn(db: Database, table: UnsoundRow['table']): readonly UnsoundRow[] {
  const unsound: UnsoundRow[] = [];
  for (const row of db.each(ROWS[table]))
    if (!holds(() => IS_SOUND[table](row))) unsound.push({ table, key: String(row[KEYS[table]]) });
  return unsound;
}

export function removeRows(db: Database, rows: readonly UnsoundRow[]): void {
  for (const { table, key } of rows) db.run(`DELETE FROM ${table} WHERE ${KEYS[table]} = ?`, key);
}

const ROWS: Readonly<Record<UnsoundRow['table'], string>> = {
  problems: `SELECT p.*, '' AS program_version, '' AS module_version, g.name AS program_name
    FROM problems p LEFT JOIN programs g ON g.program = p.program`,
  buckets: `SELECT b.*, p.module, p.location, g.name AS program_name
    FROM buckets b LEFT JOIN problems p ON p.problem_id = b.problem_id LEFT JOIN programs g ON g.program = b.program`,
  entries: 'SELECT entry_id, header, receipts FROM entries',
  demands: 'SELECT * FROM demands',
  settings: 'SELECT * FROM settings',
};

/** True where the row is what was written, as far as it shows. May throw where it is not. */
const IS_SOUND: Readonly<Record<UnsoundRow['table'], (row: Row) => boolean>> = {
  problems: (row) => {
    const bucket = bucketIn(row);
    return problemId(bucket) === row['problem_id'] && searchableText(bucket) === row['search'];
  },
  buckets: (row) => {
    const bucket = bucketIn(row);
    return bucketId(bucket) === row['bucket_id'] && problemId(bucket) === row['problem_id'];
  },
  entries: (row) => {
    for (const receipt of JSON.parse(String(row['receipts']))) decodeReceipt(receipt);
    return decodeEntryHeader(JSON.parse(String(row['header']))).entryId === row['entry_id'];
  },
  demands: (row) => {
    const { id, version } = decodeSignedDemand(JSON.parse(String(row['signed']))).terms;
    JSON.parse(String(row['approval']));
    return id === row['demand_id'] && version === row['version'];
  },
  settings: (row) => {
    JSON.parse(String(row['value']));
    return true;
  },
};

function bucketIn(row: Row): Bucket {
  return bucketOf(row as unknown as BucketColumns);
}

function holds(isSound: () => boolean): boolean {
  try {
    return isSound();
  } catch {
    return false;
  }
}
