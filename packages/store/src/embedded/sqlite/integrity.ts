import { rowChecksum } from '../writer/journal/journal-row.ts';
import type { Database } from './database.ts';
import { faultOf } from './fault.ts';
import { unsoundRows } from './unsound-rows.ts';

/** What is wrong with the file, at most some fifteen lines; empty: it is sound. Reads all of it. */
export function databaseFaults(db: Database): readonly string[] {
  try {
    // Not the quick check, which does not compare indexes with their tables: each then believes something else.
    const rows = db.all<{ integrity_check: string }>('PRAGMA integrity_check(10)');
    const faults = rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
    if (faults.length > 0) return faults;
    const broken = new Map<string, number>();
    for (const { table } of unsoundRows(db)) broken.set(table, (broken.get(table) ?? 0) + 1);
    return [
      ...[...broken].map(([table, count]) => `${count} rows of ${table} are damaged`),
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
