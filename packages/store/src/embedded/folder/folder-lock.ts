/**
 * One server per folder. The lock is an exclusive transaction on lock.sqlite: the kernel frees it when the process
 * ends, however it ends, so there is no stale lock; a stopped process keeps it. Never open lock.sqlite by other means
 * in the same process: closing any descriptor of it would free the lock.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { StoreError } from '../../contract/store-error.ts';
import { Database } from '../sqlite/database.ts';
import { type FolderPaths, readHolder } from './layout.ts';

export interface FolderLock {
  release(): void;
}

/** Throws `in-use`, naming the process that has the folder. */
export function lockFolder(paths: FolderPaths): FolderLock {
  const lock = new Database(paths.lock, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw inUse(paths, cause);
  }
  // Until it is known that we can open what lies there, the program before us is the one to name.
  nameHolder(paths, readHolder(paths).program);
  return {
    release: () => {
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

/** For people; a full disk is no reason not to serve. */
export function nameHolder(paths: FolderPaths, program: string | undefined): void {
  try {
    writeFileSync(paths.holder, `${JSON.stringify({ pid: process.pid, program })}\n`, { mode: 0o600 });
  } catch {
    // Whoever is refused hears of "another process".
  }
}

function inUse(paths: FolderPaths, cause: unknown): StoreError {
  const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
  if (!busy) return new StoreError('storage-failed', `${paths.lock} cannot be locked: ${cause}`, { cause });
  const { pid } = readHolder(paths);
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new StoreError('in-use', `${paths.dir} is served by ${who}; stop it first or use another folder`, {
    cause,
  });
}
