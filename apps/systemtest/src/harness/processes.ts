import { readdir, readFile } from 'node:fs/promises';

/** A running process. */
export interface ProcessView {
  readonly pid: number;
  readonly commandLine: string;
  /** Field 22 of `/proc/PID/stat`: start time in clock ticks since boot. */
  readonly startTicks: number;
}

/** Processes whose command line contains the text (Linux). */
export async function processesWith(text: string): Promise<readonly ProcessView[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const seen = await Promise.all(pids.map(look));
  return seen
    .filter((process) => process !== undefined)
    .filter(({ commandLine }) => commandLine.includes(text));
}

async function look(pid: number): Promise<ProcessView | undefined> {
  try {
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, commandLine, startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}
