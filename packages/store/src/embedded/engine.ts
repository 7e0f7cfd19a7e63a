import { StoreError } from '../contract/store-error.ts';
import type { Condition } from './condition.ts';
import type { Touched } from './entries/touched.ts';
import type { Turns } from './entries/turns.ts';
import type { Disk } from './files/disk.ts';
import { checkFile, checkNumber, type Fence } from './folder/fence.ts';
import type { FolderPaths } from './folder/layout.ts';
import type { Reserve } from './folder/reserve.ts';
import type { BucketNames } from './named-bucket.ts';
import type { Revisions } from './revisions.ts';
import type { Database } from './sqlite/database.ts';
import { faultOf } from './sqlite/fault.ts';
import type { Overlay } from './sqlite/overlay.ts';
import type { HitQueue } from './writer/journal/hit-queue.ts';
import type { WriteKind, Writes } from './writer/write.ts';
import type { Writer } from './writer/writer.ts';

/** What the parts of an open folder share. */
export interface Engine {
  readonly paths: FolderPaths;
  readonly condition: Condition;
  readonly disk: Disk;
  readonly names: BucketNames;
  /** Work on one entry at a time. */
  readonly turns: Turns;
  /** Where a crash may leave something half done. Absent in a store opened for reading. */
  readonly touched: Touched | undefined;
  readonly now: () => number;
  readonly notice: (line: string) => void;
  /** Reading connection of the calling thread. */
  readonly reads: Database;
  /** What the journal adds to what the tables say. */
  readonly overlay: Overlay;
  readonly revisions: Revisions;
  /** Absent in a store opened for reading. */
  readonly writer: Writer | undefined;
  /** Absent in a store opened for reading. */
  readonly hitQueue: HitQueue | undefined;
  /** Absent in a store opened for reading. */
  readonly fence: Fence | undefined;
  /** Absent where none was asked for. */
  readonly reserve: Reserve | undefined;
  /** What had to be put right since the folder was opened. */
  readonly reconciled: Reconciled;
}

/** What start-up, or a repair, had to do. */
export interface Reconciled {
  tmpRemoved: number;
  dropsFinished: number;
  marksFinished: number;
  indexed: number;
  setAside: number;
  missing: number;
}

/** Asks the reading connection; never blocks the writer, and sees everything it has acknowledged. */
export function ask<T>(engine: Engine, question: (db: Database) => T): T {
  engine.condition.checkOpen();
  try {
    return question(engine.reads);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const fault = faultOf(cause);
    throw new StoreError(fault.code, fault.message, { cause });
  }
}

/**
 * The same, in one moment of journal and tables, for questions about counts. `journaled`: the journal holds hits that
 * the tables do not; what they add is in the temporary tables of {@link Overlay}.
 */
export function askCounts<T>(engine: Engine, question: (db: Database, journaled: boolean) => T): T {
  return ask(engine, (db) => {
    db.run('BEGIN');
    try {
      const given = question(db, engine.overlay.refresh());
      db.run('COMMIT');
      return given;
    } catch (cause) {
      db.run('ROLLBACK');
      engine.overlay.clear();
      throw cause;
    }
  });
}

/** Hands a write to the writer; resolves when it is durable. */
export async function write<K extends WriteKind>(
  engine: Engine,
  kind: K,
  take: Writes[K]['take'],
  options: WriteOptions = {},
): Promise<Writes[K]['give']> {
  engine.condition.checkWriting();
  const { writer } = engine;
  if (!writer) throw new StoreError('read-only', 'the store was opened for reading');
  const attempt = () => writer.write(kind, take, options.bytes);
  const give = await (options.isEntry ? attempt() : withReserve(engine.reserve, attempt));
  engine.revisions.note(kind, take);
  return give;
}

export interface WriteOptions {
  /** About how much it writes. */
  readonly bytes?: number;
  /** Part of an entry that is coming in: the reserve is not for it. Default: false. */
  readonly isEntry?: boolean;
}

/** For everything that is small and must go on: once more, in the room of the reserve, when the disk is full. */
export async function withReserve<T>(reserve: Reserve | undefined, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    const isFull = cause instanceof StoreError && cause.code === 'storage-full';
    if (!isFull || !(await reserve?.release())) throw cause;
    return attempt();
  }
}

/**
 * Before a file gets or loses its name: throws `read-only` when another server has taken the folder. A moment too late
 * it does no harm: what has got a name without a place in the index was not acknowledged.
 */
export function checkFolder(engine: Engine): void {
  if (!engine.fence) return;
  try {
    checkNumber(engine.reads, engine.fence);
    checkFile(engine.paths.database, engine.fence);
  } catch (cause) {
    const fault = faultOf(cause);
    if (fault.lasting) engine.condition.failWriting(fault.message);
    throw new StoreError(fault.code, fault.message, { cause });
  }
}
