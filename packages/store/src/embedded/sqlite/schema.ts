/**
 * Tables of store.sqlite. Truth: totals, report_ids, history, outcomes and the journal on its way into them, credits,
 * demands, quotas, settings. Derived, and rebuilt
 * by verify: buckets' and problems' sums, types, and the entries table, whose truth are the files; what lists are found
 * by, see `search-schema.ts`.
 * @module
 */
import type { Database } from './database.ts';
import { LISTS_AND_NOTES } from './search-schema.ts';

/** Written to `user_version`; a higher one is refused. */
export const SCHEMA_VERSION = 4;

/** Since version 2: hits on their way, ids by week of receipt, and when hits came. */
export const JOURNAL_TABLES = `
CREATE TABLE journal (seq INTEGER PRIMARY KEY, hits BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
CREATE TABLE report_ids (
  period INTEGER NOT NULL, program INTEGER NOT NULL, report_id BLOB NOT NULL,
  PRIMARY KEY (period, program, report_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
  step INTEGER NOT NULL, start INTEGER NOT NULL, bucket_id TEXT NOT NULL, hits INTEGER NOT NULL,
  PRIMARY KEY (step, start, bucket_id)
) STRICT, WITHOUT ROWID;
`;

const SCHEMA = `
CREATE TABLE facts (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE programs (program INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE problems (
  problem_id TEXT PRIMARY KEY, program INTEGER NOT NULL, module TEXT NOT NULL, location TEXT NOT NULL,
  search TEXT NOT NULL, hits INTEGER NOT NULL DEFAULT 0, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  buckets INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0, uploaded INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX problems_by_hits ON problems (hits DESC, problem_id);
CREATE TABLE buckets (
  bucket_id TEXT PRIMARY KEY, problem_id TEXT NOT NULL, program INTEGER NOT NULL, program_version TEXT NOT NULL,
  module_version TEXT NOT NULL, hits INTEGER NOT NULL DEFAULT 0, first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL, pending INTEGER NOT NULL DEFAULT 0, uploaded INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX buckets_by_hits ON buckets (hits DESC, bucket_id);
CREATE INDEX buckets_by_program ON buckets (program, hits DESC, bucket_id);
CREATE INDEX buckets_by_problem ON buckets (problem_id);
CREATE INDEX buckets_by_change ON buckets (changed) WHERE changed > 0;
CREATE TABLE totals (
  program INTEGER NOT NULL, bucket_id TEXT NOT NULL, origin_id TEXT NOT NULL, epoch INTEGER NOT NULL,
  hits INTEGER NOT NULL, PRIMARY KEY (program, bucket_id, origin_id, epoch)
) STRICT, WITHOUT ROWID;
${JOURNAL_TABLES}CREATE TABLE entries (
  entry_id TEXT PRIMARY KEY, bucket_id TEXT NOT NULL, state TEXT NOT NULL, stored_at INTEGER NOT NULL,
  digest TEXT NOT NULL, bytes INTEGER NOT NULL, head_bytes INTEGER NOT NULL, file_bytes INTEGER NOT NULL,
  header TEXT NOT NULL, receipts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_by_time ON entries (stored_at DESC, entry_id);
CREATE INDEX entries_by_bucket ON entries (bucket_id, stored_at DESC, entry_id);
CREATE INDEX entries_pending ON entries (stored_at, entry_id) WHERE state = 'pending';
CREATE TABLE held_types (
  bucket_id TEXT NOT NULL, type TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (bucket_id, type)
) STRICT, WITHOUT ROWID;
CREATE TABLE demands (
  demand_id TEXT PRIMARY KEY, source TEXT NOT NULL, version INTEGER NOT NULL, seen_at INTEGER NOT NULL,
  closed_at INTEGER, signed TEXT NOT NULL, approval TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE quotas (
  source TEXT NOT NULL, position INTEGER NOT NULL, demand_id TEXT NOT NULL, bucket_id TEXT NOT NULL,
  type TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX quotas_by_bucket ON quotas (bucket_id);
CREATE TABLE credits (
  demand_id TEXT NOT NULL, scope TEXT NOT NULL, type TEXT NOT NULL, accepted INTEGER NOT NULL,
  PRIMARY KEY (demand_id, scope, type)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE outcomes (
  kind TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (kind, outcome, reason)
) STRICT, WITHOUT ROWID;
${LISTS_AND_NOTES}PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** The version of an open file; 0: it is empty. */
export function schemaVersion(db: Database): number {
  return Number(db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0);
}

/** Makes the tables and this store's identity, in one transaction. */
export function createSchema(db: Database, origin: { readonly id: string; readonly epoch: number }): void {
  db.exec('BEGIN IMMEDIATE');
  db.exec(SCHEMA);
  db.run("INSERT INTO facts VALUES ('origin', ?), ('epoch', ?)", origin.id, origin.epoch);
  db.exec('COMMIT');
  // Into the file, out of the log: on a small disk the tables would take their room twice.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
