/**
 * A database that SQLite calls damaged: it is set aside, never deleted, and what can still be read of it goes into a
 * new one. Counts may be missing afterwards, so the store opens a new epoch: upstream sees no total run backwards.
 * @module
 */
import { existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Origin } from '@fr/protocol';
import { readAcknowledged } from '../folder/acknowledged.ts';
import { type FolderPaths, makePrivateFile, syncFolder } from '../folder/layout.ts';
import { Database, type SqlValue } from './database.ts';
import { readOrigin } from './origin.ts';
import { createSchema } from './schema.ts';
import { FILL_LISTS } from './search-schema.ts';
import { removeRows, unsoundRows } from './unsound-rows.ts';

/** Everything but `facts`, of which the new file has its own but for how far the journal was applied, and what was acknowledged. */
const TABLES = [
  'programs',
  'problems',
  'buckets',
  'totals',
  'report_ids',
  'history',
  'journal',
  'entries',
  'demands',
  'quotas',
  'credits',
  'settings',
  'outcomes',
] as const;

/** Rows that went over; the caller reconciles files and derives sums afterwards. */
export function salvageDatabase(paths: FolderPaths, fallback: Origin, now: number): number {
  const aside = join(paths.aside, `${basename(paths.database)}.${now}`);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(paths.database + suffix)) renameSync(paths.database + suffix, aside + suffix);
  }
  makePrivateFile(paths.database);
  const fresh = new Database(paths.database);
  try {
    const damaged = attempt(() => new Database(aside));
    const old = damaged && attempt(() => readOrigin(damaged));
    const known = old !== undefined && Number.isSafeInteger(old.epoch);
    createSchema(fresh, known ? { id: old.id, epoch: Math.max(old.epoch + 1, now) } : fallback);
    const rows = damaged ? copyTables(damaged, fresh) : 0;
    // That there was a loss is known; how many hits it took, the start will say.
    fresh.run("INSERT INTO facts VALUES ('changes', ?)", readAcknowledged(paths.acknowledged).changes);
    damaged?.close();
    return rows;
  } finally {
    fresh.close();
    syncFolder(paths.aside);
    syncFolder(paths.dir);
  }
}

function copyTables(damaged: Database, fresh: Database): number {
  let rows = 0;
  fresh.exec('BEGIN');
  for (const table of TABLES) {
    attempt(() => {
      for (const row of damaged.each(`SELECT * FROM ${table}`)) rows += copyRow(fresh, table, row);
    });
  }
  attempt(() => {
    const applied = damaged.get<{ value: number }>("SELECT value FROM facts WHERE name = 'applied'");
    if (applied) fresh.run("INSERT INTO facts VALUES ('applied', ?)", applied.value);
  });
  // Half a bucket is none: its next hit, or its entries' files, make it anew with all its names.
  removeRows(fresh, unsoundRows(fresh));
  fresh.exec(`DELETE FROM buckets WHERE problem_id NOT IN (SELECT problem_id FROM problems)
    OR program NOT IN (SELECT program FROM programs);
    DELETE FROM entries WHERE bucket_id NOT IN (SELECT bucket_id FROM buckets);
    ${FILL_LISTS} COMMIT`);
  return rows;
}

function copyRow(fresh: Database, table: string, row: Readonly<Record<string, SqlValue>>): number {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  const sql = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`;
  return attempt(() => fresh.run(sql, ...Object.values(row))) ?? 0;
}

/** The value, or nothing where the damage is. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
