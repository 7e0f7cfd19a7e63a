/**
 * The file operations that durability hangs on, as a port, so that a test can make any of them fail. Everything
 * else may be lost in a power cut without harm.
 * @module
 */
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { StoreError } from '../../contract/store-error.ts';
import type { Condition } from '../condition.ts';

export interface Disk {
  syncFile(file: FileHandle): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export const nodeDisk: Disk = {
  syncFile: (file) => file.sync(),
  syncFolder: async (path) => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  rename,
  unlink,
};

/** The disk, but a failed sync stops all writing before the error is passed on. */
export function watchedDisk(disk: Disk, condition: Condition): Disk {
  const watched = async (sync: Promise<void>): Promise<void> => {
    try {
      await sync;
    } catch (cause) {
      condition.failWriting(`the disk could not make data durable (${messageOf(cause)})`);
      throw cause;
    }
  };
  return {
    ...disk,
    syncFile: (file) => watched(disk.syncFile(file)),
    syncFolder: (path) => watched(disk.syncFolder(path)),
  };
}

/** What a failed file operation means to a caller of the store. */
export function storageError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const what = full ? 'there is no room left for the store' : 'the store could not be written';
  return new StoreError(full ? 'storage-full' : 'storage-failed', `${what}: ${messageOf(cause)}`, { cause });
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
