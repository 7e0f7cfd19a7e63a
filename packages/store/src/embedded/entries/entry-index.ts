import type { EntryHeader, Receipt } from '@fr/protocol';
import type { StoredEntry } from '../../contract/entries.ts';
import type { Database } from '../sqlite/database.ts';
import { damagedRow, parseStored } from '../sqlite/stored-json.ts';

/** An entry as the index knows it. */
export interface IndexedEntry {
  readonly bucketId: string;
  readonly entry: StoredEntry;
  readonly headBytes: number;
  /** Size of the whole file, trailer included. */
  readonly fileBytes: number;
}

interface EntryColumns {
  readonly entry_id: string;
  readonly bucket_id: string;
  readonly state: 'pending' | 'uploaded';
  readonly stored_at: number;
  readonly digest: string;
  readonly bytes: number;
  readonly head_bytes: number;
  readonly file_bytes: number;
  readonly header: string;
  readonly receipts: string;
}

export function findEntry(db: Database, entryId: string): IndexedEntry | undefined {
  const columns = db.get<EntryColumns>('SELECT * FROM entries WHERE entry_id = ?', entryId);
  return columns && indexed(columns);
}

/** The next pending entries after a place in the order of storing. */
export function pendingAfter(
  db: Database,
  after: { readonly storedAt: number; readonly entryId: string },
  limit: number,
): readonly StoredEntry[] {
  const rows = db.all<EntryColumns>(
    `SELECT * FROM entries WHERE state = 'pending' AND (stored_at, entry_id) > (?, ?)
     ORDER BY stored_at, entry_id LIMIT ?`,
    after.storedAt,
    after.entryId,
    limit,
  );
  return rows.map((columns) => indexed(columns).entry);
}

/** The next entries in the order of their ids, whatever their state. */
export function indexAfter(db: Database, entryId: string, limit: number): readonly IndexedEntry[] {
  const sql = 'SELECT * FROM entries WHERE entry_id > ? ORDER BY entry_id LIMIT ?';
  return db.all<EntryColumns>(sql, entryId, limit).map(indexed);
}

/** All of a bucket's entries. */
export function bucketEntries(db: Database, bucketId: string): readonly StoredEntry[] {
  const sql = 'SELECT * FROM entries WHERE bucket_id = ?';
  return db.all<EntryColumns>(sql, bucketId).map((columns) => indexed(columns).entry);
}

/** The next bucket that has entries, in the order of their ids. */
export function bucketAfter(db: Database, bucketId: string): string | undefined {
  const sql = 'SELECT bucket_id FROM entries WHERE bucket_id > ? ORDER BY bucket_id LIMIT 1';
  return db.get<{ bucket_id: string }>(sql, bucketId)?.bucket_id;
}

/** All entries the index has for a bucket, by id, without their headers. */
export function entriesInBucket(
  db: Database,
  bucketId: string,
): ReadonlyMap<string, { readonly state: string; readonly bytes: number; readonly fileBytes: number }> {
  const rows = db.all<{ entry_id: string; state: string; bytes: number; file_bytes: number }>(
    'SELECT entry_id, state, bytes, file_bytes FROM entries WHERE bucket_id = ?',
    bucketId,
  );
  return new Map(
    rows.map((row) => [row.entry_id, { state: row.state, bytes: row.bytes, fileBytes: row.file_bytes }]),
  );
}

function indexed(columns: EntryColumns): IndexedEntry {
  return {
    bucketId: columns.bucket_id,
    headBytes: columns.head_bytes,
    fileBytes: columns.file_bytes,
    entry: {
      header: headerIn(columns),
      state: columns.state,
      receipts: parseStored(columns.receipts, nameOf(columns)) as readonly Receipt[],
      digest: columns.digest,
      bytes: columns.bytes,
      storedAt: columns.stored_at,
    },
  };
}

/** A look at what everybody relies on; `verify` compares the rest with the file. */
function headerIn(columns: EntryColumns): EntryHeader {
  const header = parseStored(columns.header, nameOf(columns)) as EntryHeader;
  if (header.entryId !== columns.entry_id || !Array.isArray(header.parts)) throw damagedRow(nameOf(columns));
  return header;
}

function nameOf({ entry_id }: EntryColumns): string {
  return `the index row of entry ${entry_id}`;
}
