import { mkdir, readdir } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { StoreError } from '../../contract/store-error.ts';
import { storageError } from '../files/disk.ts';

/** Makes the folder or takes an empty one. Throws `foreign` for one that holds anything or lies inside `outside`. */
export async function takeEmptyFolder(dir: string, outside: string): Promise<string> {
  const path = resolve(dir);
  if (`${path}${sep}`.startsWith(`${resolve(outside)}${sep}`))
    throw new StoreError('foreign', `${path} lies inside ${resolve(outside)}; choose a folder elsewhere`);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if ((await readdir(path)).length === 0) return path;
  } catch (cause) {
    throw diskError(cause);
  }
  throw new StoreError('foreign', `${path} is not empty; choose a new or empty folder, nothing was written`);
}

/** What the disk says becomes an answer of the store; what else was thrown stays what it is. */
export function diskError(cause: unknown): unknown {
  return cause instanceof Error && 'syscall' in cause ? storageError(cause) : cause;
}
