/**
 * In which folders a crash may leave something half done, so that a start looks only there. A bucket is noted in the
 * index, durably, before the first file in its folder gets or changes its name:
 *
 *     (not noted) ──begin: noted, COMMIT──▶ in use ──end──▶ idle ──release: COMMIT──▶ (not noted)
 *                                             └── failed: stays noted; the next start looks at it
 *
 * A clean stop releases all that is idle: the next start finds nothing noted and has nothing to do. A crash leaves the
 * notes: the next start puts exactly these folders right, then releases them. Whatever else may have happened to the
 * files, with the process or without it, is found by the patrol behind the start and by verify.
 * @module
 */
import { existsSync } from 'node:fs';
import type { WriteOptions } from '../engine.ts';
import type { Disk } from '../files/disk.ts';
import { bucketFolder } from '../files/entry-name.ts';
import type { Database } from '../sqlite/database.ts';

/** Stands for every bucket: nobody has kept notes in this folder until now. */
export const ALL_BUCKETS = '*';

/** Buckets noted at a time: a start after a crash looks at so many folders, some 100 ms; beyond it the idle go. */
const NOTED = 2_048;

/** Writes notes; resolves when they are durable. */
export type WriteNotes = (
  notes: { readonly add: readonly string[]; readonly remove: readonly string[] },
  options?: WriteOptions,
) => Promise<unknown>;

interface Note {
  readonly durable: Promise<unknown>;
  uses: number;
  /** Something went wrong: only a start may say what lies there. */
  failed: boolean;
  /** A name has gone that was not synced: it must not come back after the note is gone. */
  unsynced: boolean;
}

/** Work in a bucket's folder that has begun. */
export interface Work {
  /** Exactly once. `sound`: no file was left in a state between two. `unsynced`: the folder was not synced at the end. */
  end(outcome: { readonly sound: boolean; readonly unsynced?: boolean }): void;
}

export class Touched {
  readonly #write: WriteNotes;
  readonly #disk: Disk;
  readonly #entriesDir: string;
  /** The longest idle first. */
  readonly #notes = new Map<string, Note>();
  #releasing: Promise<void> | undefined;

  constructor(write: WriteNotes, disk: Disk, entriesDir: string) {
    this.#write = write;
    this.#disk = disk;
    this.#entriesDir = entriesDir;
  }

  /** Resolves when the bucket is noted; until the work ends it stays so. */
  async begin(bucketId: string, options: WriteOptions = {}): Promise<Work> {
    const note = this.#notes.get(bucketId) ?? {
      durable: this.#write({ add: [bucketId], remove: [] }, options),
      uses: 0,
      failed: false,
      unsynced: false,
    };
    this.#notes.delete(bucketId);
    this.#notes.set(bucketId, note);
    note.uses += 1;
    try {
      await note.durable;
    } catch (cause) {
      if (this.#notes.get(bucketId) === note) this.#notes.delete(bucketId);
      throw cause;
    }
    return {
      end: ({ sound, unsynced = false }) => {
        note.uses -= 1;
        note.failed ||= !sound;
        note.unsynced ||= unsynced;
        if (this.#notes.size > NOTED) this.#releasing ??= this.#releaseHalf();
      },
    };
  }

  /** At a clean stop, when nothing is under way any more. What cannot be written leaves more to the next start. */
  async rest(): Promise<void> {
    await this.#releasing;
    await this.#release(this.#notes.size).catch(() => undefined);
  }

  async #releaseHalf(): Promise<void> {
    await this.#release(NOTED / 2).catch(() => undefined);
    this.#releasing = undefined;
  }

  /** Of those used longest ago. Whoever uses one again afterwards notes it again, behind this in the queue of writes. */
  async #release(count: number): Promise<void> {
    const oldest = [...this.#notes].slice(0, count);
    for (const [bucketId, note] of oldest) {
      if (!note.unsynced || !isIdle(note)) continue;
      note.unsynced = false;
      const folder = bucketFolder(this.#entriesDir, bucketId);
      // Somebody may have taken it away, with all it held.
      if (existsSync(folder)) await this.#disk.syncFolder(folder);
    }
    const remove = oldest
      .filter(([bucketId, note]) => isIdle(note) && !note.unsynced && this.#notes.get(bucketId) === note)
      .map(([bucketId]) => bucketId);
    for (const bucketId of remove) this.#notes.delete(bucketId);
    if (remove.length > 0) await this.#write({ add: [], remove });
  }
}

function isIdle({ uses, failed }: Note): boolean {
  return uses === 0 && !failed;
}

export function touchedBuckets(db: Database): readonly string[] {
  return db.all<{ bucket_id: string }>('SELECT bucket_id FROM touched').map((row) => row.bucket_id);
}
