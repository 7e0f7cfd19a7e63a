import { resolve } from 'node:path';
import { lockFolder } from './folder/folder-lock.ts';
import { checkLayout, folderPaths } from './folder/layout.ts';
import { openEmbeddedStore } from './open.ts';
import { Database } from './sqlite/database.ts';
import { migrateBack } from './sqlite/migrate.ts';

/**
 * Brings a folder that nobody serves back by one version of its tables, for the program before this one; a start of this
 * one brings it forward again. Gives the version of the tables. Throws as opening does, `in-use` while it is served.
 */
export async function stepBack(dir: string): Promise<number> {
  const paths = folderPaths(resolve(dir));
  checkLayout(paths);
  // Whatever a crash has left is put right first, and the journal is empty afterwards.
  await (await openEmbeddedStore({ dir: paths.dir })).close();
  const lock = lockFolder(paths);
  try {
    const db = new Database(paths.database);
    try {
      db.exec('PRAGMA synchronous = FULL');
      return migrateBack(db);
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
}
