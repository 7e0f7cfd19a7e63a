/**
 * Counted losses. Several processes may lose something at the same moment, so nobody reads, adds and writes back:
 * each loss is one appended line.
 * @module
 */
import { path } from '../builtin.ts';
import { appendLine, readOwn } from './durable-file.ts';
import type { Spool } from './spool.ts';

/** Why occurrences were given up. */
export type DropReason = 'spool-full' | 'unwritable' | 'too-old' | 'unreadable' | 'malformed' | 'refused';

const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** Counts occurrences that are given up. */
export function countDrop(spool: Spool, reason: DropReason, count: number, at: number): void {
  appendLine(path.join(spool.folder, 'drops.log'), JSON.stringify({ reason, count, at }));
}

/** Occurrences given up so far, by reason. */
export function readDrops(spool: Spool): Readonly<Partial<Record<DropReason, number>>> {
  const log = readOwn(path.join(spool.folder, 'drops.log'), MAX_LOG_BYTES)?.toString('utf8') ?? '';
  const drops: Partial<Record<DropReason, number>> = {};
  for (const line of log.split('\n')) {
    const { reason, count } = parseLine(line);
    if (reason !== undefined) drops[reason] = (drops[reason] ?? 0) + count;
  }
  return drops;
}

function parseLine(line: string): { readonly reason?: DropReason; readonly count: number } {
  try {
    const { reason, count } = JSON.parse(line) as { reason: DropReason; count: number };
    return { reason, count: Number.isSafeInteger(count) ? count : 0 };
  } catch {
    // A line cut off by a power failure.
    return { count: 0 };
  }
}
