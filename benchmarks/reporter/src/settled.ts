import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Collector } from './server.ts';

/** Waits until nothing has come for a while and no process of a product is at work any more, at most 8 s. */
export async function settled(collector: Collector, state: string, quietMs = 400): Promise<void> {
  const deadline = Date.now() + 8_000;
  let bytes = collector.bytes;
  let since = Date.now();
  while (Date.now() < deadline && (Date.now() - since < quietMs || processesOf(state).length > 0)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (collector.bytes !== bytes) since = Date.now();
    bytes = collector.bytes;
  }
}

/** Processes in whose command line a product's folder stands: what it has launched. */
export function processesOf(state: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/cmdline`).includes(state))
    .map(Number);
}

/** CPU time in milliseconds (the system counts in steps of 10) and memory in MiB of such processes. */
export function costOf(pids: readonly number[]): { readonly cpuMs: number; readonly rssMiB: number } {
  let cpuMs = 0;
  let rssMiB = 0;
  for (const pid of pids) {
    const fields = read(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    cpuMs += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
    rssMiB += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
  }
  return { cpuMs, rssMiB };
}

/** Bytes in all files of a folder. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true })
    .map((name) => statSync(join(folder, String(name)), { throwIfNoEntry: false }))
    .reduce((sum, stat) => sum + (stat?.isFile() ? stat.size : 0), 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
