/**
 * A heap snapshot beside a failure. It is up to a gibibyte, takes its host up to a minute, and comes when the failure is
 * durable already:
 *
 *     (asked for, and the host can) ─▶ ID.heap-snapshot.PID.tmp ─▶ ID.heap-snapshot.part
 *                                  └▶ ID.heap-snapshot.not, which says why there is none
 *
 * While PID lives the failure is left alone. A host that is killed meanwhile leaves a .tmp that goes with the failure.
 * There is at most one snapshot in a spool, and the limits of a spool do not count it.
 * @module
 */
import type { ReadStream } from 'node:fs';
import { fs, path } from '../builtin.ts';
import { isOwnFile, openOwn, readOwn, removeAny, syncFolder } from './folder/durable-file.ts';
import { isWaiting, type Spool } from './spool.ts';
import { SpoolError } from './spool-error.ts';

const TYPE = 'heap-snapshot';
/** No snapshot takes longer; a process id may have been given to another process by then. */
const LONGEST_MS = 15 * 60_000;

/** What became of the snapshot of a failure. */
export type SnapshotState =
  | { readonly is: 'there'; readonly file: string; readonly bytes: number }
  | { readonly is: 'coming' }
  | { readonly is: 'not'; readonly why: string }
  | { readonly is: 'none' };

function folderOf(spool: Spool): string {
  return path.join(spool.folder, 'failures');
}

/** Where a host writes its snapshot to: an empty file that is there before the failure is. */
export function beginSnapshot(spool: Spool, reportId: string): string {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0 } = fs.constants;
  const file = path.join(folderOf(spool), `${reportId}.${TYPE}.${process.pid}.tmp`);
  fs.closeSync(fs.openSync(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600));
  return file;
}

/** Puts a written snapshot in its place, durably; takes it away where its failure is not there any more. */
export function finishSnapshot(spool: Spool, reportId: string, file: string): void {
  const descriptor = fs.openSync(file, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  const part = path.join(folderOf(spool), `${reportId}.${TYPE}.part`);
  fs.renameSync(file, part);
  if (!isWaiting(spool, reportId)) removeAny(part);
  syncFolder(folderOf(spool));
}

/** Notes why there is no snapshot although one was asked for. */
export function giveUpSnapshot(spool: Spool, reportId: string, why: string, file?: string): void {
  if (file !== undefined) fs.rmSync(file, { force: true });
  fs.writeFileSync(path.join(folderOf(spool), `${reportId}.${TYPE}.not`), why, { mode: 0o600 });
}

/** Whether a snapshot lies in the spool or is being taken. */
export function hasSnapshot(spool: Spool): boolean {
  const folder = folderOf(spool);
  if (!fs.existsSync(folder)) return false;
  const names = fs.readdirSync(folder).filter((name) => name.includes(`.${TYPE}.`));
  return names.some((name) => name.endsWith('.part') || isComing(folder, name));
}

/** Failures whose snapshots are being taken. */
export function comingSnapshots(spool: Spool): ReadonlySet<string> {
  const folder = folderOf(spool);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return new Set(names.filter((name) => isComing(folder, name)).map((name) => name.slice(0, 36)));
}

/** Looks for the snapshot of a failure. */
export function snapshotOf(spool: Spool, reportId: string): SnapshotState {
  const folder = folderOf(spool);
  const names = fs.readdirSync(folder).filter((name) => name.startsWith(`${reportId}.${TYPE}.`));
  if (names.some((name) => isComing(folder, name))) return { is: 'coming' };
  const part = names.find((name) => name.endsWith('.part'));
  if (part !== undefined) {
    const file = path.join(folder, part);
    const stat = fs.lstatSync(file);
    return isOwnFile(stat) ? { is: 'there', file, bytes: stat.size } : { is: 'not', why: 'unreadable' };
  }
  const not = names.find((name) => name.endsWith('.not'));
  if (not !== undefined) return { is: 'not', why: wordIn(path.join(folder, not)) };
  return names.length > 0 ? { is: 'not', why: 'interrupted' } : { is: 'none' };
}

function wordIn(file: string): string {
  const text = readOwn(file, 1_000)?.toString('utf8') ?? '';
  return text.slice(0, 64).replace(/[^a-z0-9-]/g, '') || 'failed';
}

function isComing(folder: string, name: string): boolean {
  const [, pid] = /\.heap-snapshot\.(\d+)\.tmp$/.exec(name) ?? [];
  if (pid === undefined) return false;
  const stat = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
  if (!stat || Date.now() - stat.ctimeMs > LONGEST_MS) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The bytes of a snapshot, from the start, without taking them into memory. Throws where it is no file of ours. */
export function readSnapshot(file: string): ReadStream {
  const fd = openOwn(file, fs.constants.O_RDONLY);
  if (fd === undefined) throw new SpoolError('not-a-file', `${file} is no file of ours`);
  return fs.createReadStream('', { fd, highWaterMark: 256 * 1024 });
}
