import type { Database } from './database.ts';
import { faultOf } from './fault.ts';

/** What SQLite finds wrong with its file, at most ten lines; empty: it is sound. Reads all of it. */
export function databaseFaults(db: Database): readonly string[] {
  try {
    const rows = db.all<{ quick_check: string }>('PRAGMA quick_check(10)');
    return rows.map((row) => row.quick_check).filter((line) => line !== 'ok');
  } catch (cause) {
    return [faultOf(cause).message];
  }
}
