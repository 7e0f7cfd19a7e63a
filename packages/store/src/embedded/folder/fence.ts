/**
 * Who may write into a folder, beyond the lock: every server that opens it takes the next number. The lock can be got
 * round, by deleting its file or by putting another database in the place of the one that is open; a server that was
 * stopped meanwhile then goes on in good faith. Its number is old, or its database no longer the one in the folder.
 * @module
 */
import { statSync } from 'node:fs';
import { StoreError } from '../../contract/store-error.ts';
import type { Database } from '../sqlite/database.ts';

export interface Fence {
  readonly number: number;
  /** Device and inode of the database that was opened. */
  readonly file: string;
}

/** Takes the folder from whoever had it. */
export function takeFence(db: Database, path: string): Fence {
  const row = db.get<{ value: number }>(
    `INSERT INTO facts VALUES ('fence', 1)
     ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value`,
  );
  return { number: Number(row?.value), file: identityOf(path) };
}

/** Inside a transaction: nobody can take the folder until it ends. */
export function checkNumber(db: Database, fence: Fence): void {
  if (fenceIn(db) !== fence.number) throw new FolderLostError();
}

/** After a commit: it went into the file that others will find. */
export function checkFile(path: string, fence: Fence): void {
  if (identityOf(path) !== fence.file) throw new FolderLostError();
}

/** Nothing may be written any more, and nothing that was must be acknowledged. */
export class FolderLostError extends StoreError {
  constructor() {
    super('read-only', 'another process has taken over its folder');
  }
}

function fenceIn(db: Database): number {
  return Number(db.get<{ value: number }>("SELECT value FROM facts WHERE name = 'fence'")?.value);
}

function identityOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? `${status.dev}:${status.ino}` : 'gone';
}
