/**
 * Small files that are either whole or not there, after a crash of the program and after a power cut: written beside
 * their place, fsync, rename, fsync of the folder. Without the last step the name itself may be lost.
 * @module
 */
import type { Stats } from 'node:fs';
import { fs, path } from '../../builtin.ts';

const { O_CREAT, O_EXCL, O_WRONLY, O_RDONLY, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;

let written = 0;

/** Puts a file in its place, durably. Whoever looks sees the old content or the new one, never a part. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  replaceFile(file, content, fs.fsyncSync);
  syncFolder(path.dirname(file));
}

/** Puts a file in its place, whole as long as the machine runs; a power cut may leave the old one, or none that is whole. */
export function writeWhole(file: string, content: string): void {
  replaceFile(file, content, () => undefined);
}

function replaceFile(file: string, content: string | Uint8Array, settle: (descriptor: number) => void): void {
  written += 1;
  const temporary = `${file}.${process.pid}-${written}-${process.hrtime.bigint().toString(36)}.tmp`;
  const descriptor = fs.openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    try {
      fs.writeFileSync(descriptor, content);
      settle(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    try {
      fs.renameSync(temporary, file);
    } catch (error) {
      // A folder in its place: nothing of ours, and nothing is to be kept that keeps us from working.
      if (!fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) throw error;
      removeAny(file);
      fs.renameSync(temporary, file);
    }
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes names made in, or removed from, a folder durable. Windows cannot and need not. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, O_RDONLY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Takes away whatever lies there; of a link the link, of a folder all that is in it. */
export function removeAny(file: string): void {
  fs.rmSync(file, { force: true, recursive: true });
}

/** Adds a line to a file, durably; lines of several processes do not mix on a local disk. What is no file of ours gives way. */
export function appendLine(file: string, line: string): void {
  const flags = O_CREAT | O_APPEND | O_WRONLY;
  let descriptor = openOwn(file, flags);
  if (descriptor === undefined) {
    removeAny(file);
    descriptor = fs.openSync(file, flags | O_NOFOLLOW | O_NONBLOCK, 0o600);
  }
  try {
    fs.writeSync(descriptor, `${line}\n`);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * The bytes of a regular file of ours of at most `limit` bytes. Nothing where there is none, or where something else is in
 * its place (a link, a pipe, a folder, a file of another user or one that is larger): nobody but us should have put anything
 * there, and a spool that cannot be read in one place must still be delivered in all others. Never waits for anybody.
 */
export function readOwn(file: string, limit: number): Buffer | undefined {
  const descriptor = openOwn(file, O_RDONLY);
  if (descriptor === undefined) return undefined;
  try {
    return fs.fstatSync(descriptor).size > limit ? undefined : fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Opens a regular file of ours without following a link or waiting for the other end of a pipe; nothing where it is none. */
export function openOwn(file: string, flags: number): number | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, flags | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EMFILE' || code === 'ENFILE' || code === 'EIO' || code === 'ENOSPC') throw error;
    if (flags !== O_RDONLY && !fs.lstatSync(file, { throwIfNoEntry: false })) throw error;
    return undefined;
  }
  const stat = fs.fstatSync(descriptor);
  if (isOwnFile(stat)) return descriptor;
  fs.closeSync(descriptor);
  return undefined;
}

/** Whether it is a regular file that belongs to us. */
export function isOwnFile(stat: Pick<Stats, 'isFile' | 'uid'>): boolean {
  return stat.isFile() && (!process.geteuid || stat.uid === process.geteuid());
}

/** The JSON value in a file of ours; nothing where there is no such file or it is not JSON. */
export function readOwnJson(file: string, limit: number): unknown {
  const bytes = readOwn(file, limit);
  if (!bytes) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether an error says that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
