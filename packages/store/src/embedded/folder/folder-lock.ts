/**
 * One server per folder. The lock is an exclusive transaction on lock.sqlite: the kernel frees it when the process
 * ends, however it ends, so there is no stale lock; a stopped process keeps it. Never open lock.sqlite by other means
 * in the same process: closing any descriptor of it would free the lock.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { StoreError } from '../../contract/store-error.ts';
import { Database } from '../sqlite/database.ts';
import type { FolderPaths } from './layout.ts';

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
  nameHolder(paths);
  return {
    release: () => {
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

/** For people; a full disk is no reason not to serve. */
function nameHolder(paths: FolderPaths): void {
  try {
    writeFileSync(paths.holder, `${JSON.stringify({ pid: process.pid })}\n`, { mode: 0o600 });
  } catch {
    // Whoever is refused hears of "another process".
  }
}

function inUse(paths: FolderPaths, cause: unknown): StoreError {
  const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
  if (!busy) return new StoreError('storage-failed', `${paths.lock} cannot be locked: ${cause}`, { cause });
  const pid = holder(paths);
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new StoreError('in-use', `${paths.dir} is served by ${who}; stop it first or use another folder`, {
    cause,
  });
}

function holder(paths: FolderPaths): number | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(paths.holder, 'utf8'));
    const pid = typeof record === 'object' && record !== null && 'pid' in record ? record.pid : undefined;
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined;
  }
}
