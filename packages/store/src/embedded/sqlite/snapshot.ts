import { backup, DatabaseSync } from 'node:sqlite';

/** More pages than a file of SQLite can have: one step, so that writers cannot make it begin again and again. */
const ALL_PAGES = 0x7fffffff;

/**
 * Copies a database as it is at one moment, while others write to it, into one file without a log beside it. Not
 * synced.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
  } finally {
    copy.close();
  }
}
