/**
 * Brings tables from version to version, each step in one transaction: forward from whatever an older program left, and
 * one step back for the program before this one. What a step back cannot keep it says.
 * @module
 */
import { StoreError } from '../../contract/store-error.ts';
import type { Database } from './database.ts';
import { JOURNAL_TABLES, SCHEMA_VERSION, schemaVersion } from './schema.ts';
import { ADD_LISTS_AND_NOTES, DROP_LISTS_AND_NOTES } from './search-schema.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

interface Step {
  readonly forward: string;
  /** From the next version to this one. */
  readonly back: string;
}

/** Between version n and n + 1, at place n - 1. */
const STEPS: readonly Step[] = [
  {
    forward: `${JOURNAL_TABLES}
   INSERT OR IGNORE INTO report_ids SELECT at / ${WEEK_MS}, program, report_id FROM reports;
   DROP TABLE reports;`,
    // Ids are kept by week: they count as received at its end, so that none is forgotten too early. Curves are lost.
    back: `CREATE TABLE reports (
  program INTEGER NOT NULL, report_id BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (program, report_id)
) STRICT, WITHOUT ROWID;
   INSERT OR IGNORE INTO reports SELECT program, report_id, (period + 1) * ${WEEK_MS} FROM report_ids ORDER BY period DESC;
   CREATE INDEX reports_by_time ON reports (at);
   DROP TABLE report_ids; DROP TABLE history; DROP TABLE journal;
   DELETE FROM facts WHERE name = 'applied';`,
  },
  { forward: ADD_LISTS_AND_NOTES, back: DROP_LISTS_AND_NOTES },
];

/** Throws `newer` for tables of a later program. */
export function migrate(db: Database): void {
  const found = schemaVersion(db);
  if (found > SCHEMA_VERSION)
    throw new StoreError('newer', `store.sqlite has version ${found}; use a later version of fr`);
  STEPS.forEach(({ forward }, place) => {
    if (place + 1 < found) return;
    db.exec(`BEGIN IMMEDIATE; ${forward} PRAGMA user_version = ${place + 2}; COMMIT`);
  });
}

/** One version back, for tables of this version; gives the version they have then. Nothing may wait in the journal. */
export function migrateBack(db: Database): number {
  const step = STEPS.at(-1);
  if (!step || schemaVersion(db) !== SCHEMA_VERSION || db.get('SELECT 1 FROM journal LIMIT 1') !== undefined)
    throw new StoreError(
      'newer',
      'these tables cannot be brought back; serve the folder once with this version first',
    );
  db.exec(`BEGIN IMMEDIATE; ${step.back} PRAGMA user_version = ${SCHEMA_VERSION - 1}; COMMIT`);
  return SCHEMA_VERSION - 1;
}
