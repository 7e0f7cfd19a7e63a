/**
 * Brings tables from version to version, each step in one transaction: forward from whatever an older program left, and
 * one step back for the program before this one.
 * @module
 */
import { StoreError } from '../../contract/store-error.ts';
import type { Database } from './database.ts';
import { JOURNAL_TABLES, SCHEMA_VERSION, schemaVersion } from './schema.ts';
import { ADD_LISTS_AND_NOTES, ADD_TRIGGERS, DROP_TRIGGERS } from './search-schema.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** From version n to n + 1, at place n - 1. */
const FORWARD: readonly string[] = [
  `${JOURNAL_TABLES}
   INSERT OR IGNORE INTO report_ids SELECT at / ${WEEK_MS}, program, report_id FROM reports;
   DROP TABLE reports;`,
  ADD_LISTS_AND_NOTES,
  DROP_TRIGGERS,
];

/** From this version to the one before. */
const BACK = ADD_TRIGGERS;

/** Throws `newer` for tables of a later program. */
export function migrate(db: Database): void {
  const found = schemaVersion(db);
  if (found > SCHEMA_VERSION)
    throw new StoreError('newer', `store.sqlite has version ${found}; use a later version of fr`);
  FORWARD.forEach((forward, place) => {
    if (place + 1 < found) return;
    db.exec(`BEGIN IMMEDIATE; ${forward} PRAGMA user_version = ${place + 2}; COMMIT`);
  });
}

/** One version back, for tables of this version; gives the version they have then. Nothing may wait in the journal. */
export function migrateBack(db: Database): number {
  if (schemaVersion(db) !== SCHEMA_VERSION || db.get('SELECT 1 FROM journal LIMIT 1') !== undefined)
    throw new StoreError(
      'newer',
      'these tables cannot be brought back; serve the folder once with this version first',
    );
  db.exec(`BEGIN IMMEDIATE; ${BACK} PRAGMA user_version = ${SCHEMA_VERSION - 1}; COMMIT`);
  return SCHEMA_VERSION - 1;
}
