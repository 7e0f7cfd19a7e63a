/**
 * Brings the tables of an older program forward, one version at a time, each in one transaction. There is no way back:
 * an older program refuses what is newer than it knows.
 * @module
 */
import { StoreError } from '../../contract/store-error.ts';
import type { Database } from './database.ts';
import { JOURNAL_TABLES, SCHEMA_VERSION, schemaVersion } from './schema.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** From version n to n + 1, at place n - 1. */
const STEPS: readonly string[] = [
  `${JOURNAL_TABLES}
   INSERT OR IGNORE INTO report_ids SELECT at / ${WEEK_MS}, program, report_id FROM reports;
   DROP TABLE reports;`,
];

/** Throws `newer` for tables of a later program. */
export function migrate(db: Database): void {
  const found = schemaVersion(db);
  if (found > SCHEMA_VERSION)
    throw new StoreError('newer', `store.sqlite has version ${found}; use a later version of fr`);
  STEPS.forEach((step, place) => {
    if (place + 1 < found) return;
    db.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${place + 2}; COMMIT`);
  });
}
