import { readdirSync, readFileSync } from 'node:fs';
import { namesIn } from './spooled.ts';

/** Command lines of the processes that have to do with a folder: its guards and reporters. */
export function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Whether nothing of a run is left: no process, no marker, no failure that waits. */
export function isQuiet(spool: string): boolean {
  const left = ['runs', 'failures', 'reports'].flatMap((folder) => namesIn(spool, folder));
  return left.length === 0 && processesOf(spool).length === 0;
}
