/**
 * A folder as the first version of the tables left it: made by today's program and carried over, table by table, into
 * the tables of then.
 * @module
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Hit } from '@fr/protocol';
import { parseId } from '@fr/protocol/ids';

/** As `sqlite_master` gives them, without spaces; today's other tables are the same. */
export const FIRST_REPORTS = `CREATE TABLE reports (
  program INTEGER NOT NULL, report_id BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (program, report_id)
) STRICT, WITHOUT ROWID`;

/** Tables and indexes, in the order in which they may be dropped. Triggers are all newer. */
const NEW_SINCE: readonly string[] = ['journal', 'report_ids', 'history'];
const NEW_SINCE_SECOND: readonly string[] = [
  'seen_buckets',
  'seen_problems',
  'problem_words',
  'problem_numbers',
  'touched',
  'buckets_by_birth',
  'buckets_by_version',
  'buckets_pending',
  'buckets_uploaded',
  'totals_by_origin',
  'problems_by_birth',
  'problems_by_program',
  'problems_by_module',
  'problems_pending',
  'problems_uploaded',
];

/** `hits`: those that were counted, of one program, received at `at`. The store must be closed. */
export function makeFirstLayout(dir: string, hits: readonly Hit[], at: number): void {
  const path = join(dir, 'store.sqlite');
  renameSync(path, `${path}.today`);
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(`ATTACH '${path}.today' AS today`);
  const listed = db.prepare(
    `SELECT type, name, sql FROM today.sqlite_master
     WHERE sql IS NOT NULL AND type <> 'trigger' AND name NOT LIKE 'problem_words%' ORDER BY type = 'index'`,
  );
  for (const row of listed.all()) {
    if ([...NEW_SINCE, ...NEW_SINCE_SECOND].includes(String(row['name']))) continue;
    db.exec(String(row['sql']));
    if (row['type'] === 'table')
      db.exec(`INSERT INTO main.${row['name']} SELECT * FROM today.${row['name']}`);
  }
  db.exec(
    `${FIRST_REPORTS}; CREATE INDEX reports_by_time ON reports (at); DELETE FROM facts WHERE name = 'applied'`,
  );
  const insert = db.prepare(
    'INSERT INTO reports VALUES ((SELECT program FROM programs WHERE name = ?), ?, ?)',
  );
  for (const { bucket, reportId } of hits)
    insert.run(bucket.program, parseId(reportId) ?? new Uint8Array(), at);
  db.exec('PRAGMA user_version = 1; DETACH today');
  db.close();
  rmSync(`${path}.today`);
}

/** As the third version has them; today's other triggers are the same. */
const THIRD_TRIGGERS = `
CREATE TRIGGER buckets_seen AFTER UPDATE OF last_seen ON buckets WHEN new.last_seen / 60000 <> old.last_seen / 60000 BEGIN
  DELETE FROM seen_buckets WHERE minute = old.last_seen / 60000 AND bucket_id = old.bucket_id;
  INSERT OR IGNORE INTO seen_buckets VALUES (new.last_seen / 60000, new.bucket_id);
END;
CREATE TRIGGER buckets_born AFTER INSERT ON buckets BEGIN
  INSERT OR IGNORE INTO seen_buckets VALUES (new.last_seen / 60000, new.bucket_id);
END;
CREATE TRIGGER problems_seen AFTER UPDATE OF last_seen ON problems WHEN new.last_seen / 60000 <> old.last_seen / 60000 BEGIN
  DELETE FROM seen_problems WHERE minute = old.last_seen / 60000 AND problem_id = old.problem_id;
  INSERT OR IGNORE INTO seen_problems VALUES (new.last_seen / 60000, new.problem_id);
END;
CREATE TRIGGER problems_born AFTER INSERT ON problems BEGIN
  INSERT OR IGNORE INTO seen_problems VALUES (new.last_seen / 60000, new.problem_id);
  INSERT INTO problem_numbers (problem_id) VALUES (new.problem_id);
  INSERT INTO problem_words (rowid, search) VALUES (last_insert_rowid(), new.search);
END;`;

/** A closed folder as the third version left it. */
export function makeThirdLayout(dir: string): void {
  const db = new DatabaseSync(join(dir, 'store.sqlite'));
  db.exec(`${THIRD_TRIGGERS} PRAGMA user_version = 3`);
  db.close();
}

/** The same as the second version left it. */
export function makeSecondLayout(dir: string): void {
  const db = new DatabaseSync(join(dir, 'store.sqlite'));
  for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    db.exec(`DROP TRIGGER ${name}`);
  for (const name of NEW_SINCE_SECOND) {
    const { type } = db.prepare('SELECT type FROM sqlite_master WHERE name = ?').get(name) ?? {};
    if (type !== undefined) db.exec(`DROP ${type} ${name}`);
  }
  db.exec('PRAGMA user_version = 2');
  db.close();
}

/** The text of every table and index, without spaces. */
export function schemaOf(dir: string): readonly string[] {
  const db = new DatabaseSync(join(dir, 'store.sqlite'));
  const rows = db.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name').all();
  const { user_version: version } = db.prepare('PRAGMA user_version').get() ?? {};
  db.close();
  return [`version ${version}`, ...rows.map(({ sql }) => String(sql).replace(/\s+/g, ' '))];
}
