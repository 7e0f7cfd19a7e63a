/**
 * Small files that are either whole or not there, after a crash of the program and after a power cut: written beside
 * their place, fsync, rename, fsync of the folder. Without the last step the name itself may be lost.
 * @module
 */
import { fs, path } from '../builtin.ts';
import { SpoolError } from './spool-error.ts';

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
    fs.renameSync(temporary, file);
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

/** Adds a line to a file, durably; lines of several processes do not mix on a local disk. */
export function appendLine(file: string, line: string): void {
  const descriptor = fs.openSync(file, O_CREAT | O_APPEND | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    fs.writeSync(descriptor, `${line}\n`);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The bytes of a regular file of ours of at most `limit` bytes; nothing where there is none. Follows no link. */
export function readOwn(file: string, limit: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new SpoolError('not-a-file', `${file} is no regular file`);
    if (process.geteuid && stat.uid !== process.geteuid())
      throw new SpoolError('foreign-owner', `${file} belongs to another user`);
    if (stat.size > limit) throw new SpoolError('too-large', `${file} has more than ${limit} bytes`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The JSON value in a file of ours; nothing where it is missing or not JSON. */
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
