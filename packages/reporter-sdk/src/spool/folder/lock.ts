/**
 * One fr-reporter per spool. The lock is a file that names its holder by process id and start time, so that a killed
 * holder is recognised even when its id was given to somebody else. Breaking a dead lock is a rename, which only one
 * of several can win; should two reporters still meet, servers take what the second sends as a duplicate.
 * @module
 */
import { fs, os, path } from '../../builtin.ts';
import type { Spool } from '../spool.ts';
import { readOwnJson, removeAny } from './durable-file.ts';

interface Holder {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, or empty where there is no such file. */
  readonly started: string;
  readonly machine: string;
}

const POLL_MS = 100;
const FOREIGN_LIFE_MS = 180_000;

/** A lock that is held. */
export interface SpoolLock {
  /** Gives it up; safe to call twice and from a signal handler. */
  release(): void;
}

/** Takes the lock, or says which process holds it. */
export function takeLock(spool: Spool): SpoolLock | { readonly heldBy: number } {
  const file = path.join(spool.folder, 'reporter.lock');
  const own: Holder = { pid: process.pid, started: startOf(process.pid), machine: os().hostname() };
  const mark = `${file}.${process.pid}`;
  for (let attempt = 0; attempt < 3; attempt++) {
    fs.writeFileSync(mark, JSON.stringify(own), { mode: 0o600 });
    try {
      fs.linkSync(mark, file);
      return { release: () => release(file, own) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    } finally {
      removeAny(mark);
    }
    const holder = holderOf(file);
    if (holder && isAlive(holder, file)) return { heldBy: holder.pid };
    breakLock(file);
  }
  return { heldBy: holderOf(file)?.pid ?? 0 };
}

/** Takes the lock as soon as nobody else holds it; says who does where `signal` ends the waiting. */
export async function waitForLock(
  spool: Spool,
  signal: AbortSignal,
): Promise<SpoolLock | { readonly heldBy: number }> {
  for (;;) {
    const lock = takeLock(spool);
    if ('release' in lock || signal.aborted) return lock;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function release(file: string, own: Holder): void {
  const holder = holderOf(file);
  if (holder?.pid === own.pid && holder.started === own.started) removeAny(file);
}

function breakLock(file: string): void {
  const aside = `${file}.broken-${process.pid}`;
  try {
    fs.renameSync(file, aside);
    const holder = holderOf(aside);
    // Somebody broke the dead lock before us and holds a new one, which we have just taken away: give it back.
    if (holder && isAlive(holder, aside)) fs.linkSync(aside, file);
  } catch {
    // Gone, or taken again meanwhile: the next attempt sees which.
  }
  removeAny(aside);
}

function holderOf(file: string): Holder | undefined {
  const value = readOwnJson(file, 4_096) as Partial<Holder> | undefined | null;
  return typeof value?.pid === 'number' ? (value as Holder) : undefined;
}

function isAlive({ pid, started, machine }: Holder, file: string): boolean {
  // A process in another container cannot be asked; no reporter lives that long, so an old lock is a dead one.
  if (machine !== os().hostname()) return Date.now() - writtenAt(file) < FOREIGN_LIFE_MS;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(pid) === started;
}

function writtenAt(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the name in brackets and may itself hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
