/**
 * The one type that delays the end of a program: V8 writes the snapshot while everything else stands still, and nothing
 * can stop it once it has begun. So all that can be known is looked at before: whether the program has said how large a
 * heap it would wait for, whether memory and disk suffice for what was measured, whether the program is ending anyway.
 *
 * Measured (Node 24): 50 to 200 ms and 12 to 19 MiB of memory for each MiB of heap, and 1.4 to 1.8 MiB of file.
 * @module
 */
import type { Outcome } from '@fr/protocol';
import { fs } from '../builtin.ts';
import type { HeapSnapshotSettings } from '../host/settings/heap-snapshot-settings.ts';
import { beginSnapshot, finishSnapshot, giveUpSnapshot, hasSnapshot } from '../spool/snapshot-file.ts';
import type { Spool } from '../spool/spool.ts';

const MIB = 1024 * 1024;
const MEMORY_PER_HEAP = 20;
const DISK_PER_HEAP = 3;
const SPARE_MIB = 64;
const MOST_BYTES = 1024 * MIB;

/** What is known of this process and its machine when it fails. All in MiB. */
export interface Surroundings {
  readonly heap: number;
  readonly memory: number;
  readonly disk: number;
  readonly mainThread: boolean;
}

/** Why no snapshot is taken, or nothing where one may be. */
export function whyNoSnapshot(
  settings: HeapSnapshotSettings | undefined,
  outcome: Outcome,
  { heap, memory, disk, mainThread }: Surroundings,
): string | undefined {
  if (!settings) return 'no-heap-size-declared';
  if (outcome !== 'fatal' && !settings.survived) return 'program-may-live-on';
  if (!mainThread) return 'in-a-worker';
  if (heap > settings.maxHeapMiB) return 'heap-too-large';
  if (memory < heap * MEMORY_PER_HEAP + SPARE_MIB) return 'too-little-memory';
  return disk < heap * DISK_PER_HEAP + SPARE_MIB ? 'too-little-disk' : undefined;
}

/** A snapshot that is going to be taken, or why not. */
export interface SnapshotPlan {
  readonly why?: string;
  /** The file it goes to. */
  readonly file?: string;
}

/** Decides, before the failure is written, so that whoever finds that knows of the snapshot. */
export function planSnapshot(
  spool: Spool,
  reportId: string,
  settings: HeapSnapshotSettings | undefined,
  outcome: Outcome,
): SnapshotPlan {
  try {
    const why =
      whyNoSnapshot(settings, outcome, surroundings(spool)) ??
      (hasSnapshot(spool) ? 'one-at-a-time' : undefined);
    return why === undefined ? { file: beginSnapshot(spool, reportId) } : { why };
  } catch {
    return { why: 'failed' };
  }
}

/** Takes the snapshot that was planned, when the failure is durable. Blocks for as long as it takes. */
export function takeSnapshot(spool: Spool, reportId: string, { why, file }: SnapshotPlan): void {
  if (file === undefined) {
    giveUpSnapshot(spool, reportId, why ?? 'failed');
    return;
  }
  try {
    process.getBuiltinModule('node:v8').writeHeapSnapshot(file);
    if (fs.statSync(file).size > MOST_BYTES) giveUpSnapshot(spool, reportId, 'too-large', file);
    else finishSnapshot(spool, reportId, file);
  } catch {
    giveUpSnapshot(spool, reportId, 'failed', file);
  }
}

function surroundings(spool: Spool): Surroundings {
  const { bavail, bsize } = fs.statfsSync(spool.folder);
  return {
    heap: process.memoryUsage().heapUsed / MIB,
    // Knows the limits of the container, too.
    memory: process.availableMemory() / MIB,
    disk: (bavail * bsize) / MIB,
    mainThread: process.getBuiltinModule('node:worker_threads').isMainThread,
  };
}
