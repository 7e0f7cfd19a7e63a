import { rowChecksum } from '../writer/journal/journal-row.ts';
import type { Database } from './database.ts';
import { faultOf } from './fault.ts';

/** Entries whose texts are no JSON any more: SQLite keeps no checksums and calls a turned bit inside a value sound. */
export const BROKEN_ENTRIES = 'NOT json_valid(header) OR NOT json_valid(receipts)';

/** What is wrong with the file, at most eleven lines; empty: it is sound. Reads all of it. */
export function databaseFaults(db: Database): readonly string[] {
  try {
    const rows = db.all<{ quick_check: string }>('PRAGMA quick_check(10)');
    const faults = rows.map((row) => row.quick_check).filter((line) => line !== 'ok');
    if (faults.length > 0) return faults;
    const broken = db.get<{ count: number }>(`SELECT count(*) AS count FROM entries WHERE ${BROKEN_ENTRIES}`);
    return [
      ...(broken?.count ? [`${broken.count} rows of entries are damaged`] : []),
      ...brokenJournalRows(db).map((seq) => `row ${seq} of the journal is damaged`),
    ];
  } catch (cause) {
    return [faultOf(cause).message];
  }
}

function brokenJournalRows(db: Database): readonly number[] {
  const rows = db.all<{ seq: number; hits: Uint8Array; checksum: number }>('SELECT * FROM journal');
  return rows.filter(({ seq, hits, checksum }) => rowChecksum(seq, hits) !== checksum).map(({ seq }) => seq);
}
