/**
 * Room that is kept for counting: a file of real blocks, so that hits go on when something else has filled the disk.
 *
 *     held ──the disk is full for a count──▶ released ──an entry comes and there is room again──▶ held
 *
 * While it is released entries are refused: what was freed is for hits. A crash leaves the file or none; the next start
 * makes it again where there is room. A disk too small for one goes without.
 * @module
 */
import { randomFillSync } from 'node:crypto';
import { statfsSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '../../contract/store-error.ts';

/** What a server keeps: room for some 100,000 hits, 25 to 40 bytes each in the tables. */
export const RESERVE_BYTES: number = 4 * 1024 * 1024;

/** Of a small disk's free room an eighth at the most; what is below 64 KiB is not worth having. */
const SHARE = 8;
const SMALLEST = 64 * 1024;

/** Taken again where there is twice as much, so that it does not come and go. */
const ROOM_FOR_MORE = 2;

const CHUNK = 1024 * 1024;

export class Reserve {
  readonly #path: string;
  readonly #bytes: number;
  readonly #notice: (line: string) => void;
  #released = false;
  #taking: Promise<void> | undefined;

  private constructor(path: string, bytes: number, notice: (line: string) => void) {
    this.#path = path;
    this.#bytes = bytes;
    this.#notice = notice;
  }

  /** Finds the file or makes it: of so many bytes, or fewer where there is not much room. */
  static async at(path: string, wanted: number, notice: (line: string) => void): Promise<Reserve> {
    const held = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const bytes = Math.min(wanted, Math.max(held, Math.floor(freeBytes(dirname(path)) / SHARE)));
    const reserve = new Reserve(path, bytes, notice);
    if (held < bytes && bytes >= SMALLEST) await reserve.#take();
    return reserve;
  }

  /** Gives its room to counts; false when there was none to give. */
  async release(): Promise<boolean> {
    await this.#taking;
    if (this.#released || statSync(this.#path, { throwIfNoEntry: false }) === undefined) return false;
    this.#released = true;
    await rm(this.#path, { force: true });
    this.#notice(
      'the disk is full: entries are refused, hits are counted in the room kept for them; make room',
    );
    return true;
  }

  /** Throws `storage-full` while only counts may be written. */
  async checkEntries(): Promise<void> {
    if (!this.#released) return;
    this.#taking ??= this.#takeAgain().finally(() => {
      this.#taking = undefined;
    });
    await this.#taking;
    if (this.#released) throw new StoreError('storage-full', 'there is room for counts only');
  }

  async #takeAgain(): Promise<void> {
    if (freeBytes(dirname(this.#path)) < ROOM_FOR_MORE * this.#bytes) return;
    await this.#take();
    if (this.#released) return;
    this.#notice('there is room on the disk again: entries are taken');
  }

  /** Real blocks that no file system can squeeze together. */
  async #take(): Promise<void> {
    try {
      const file = await open(this.#path, 'w', 0o600);
      try {
        for (let left = this.#bytes; left > 0; left -= CHUNK)
          await file.writeFile(randomFillSync(new Uint8Array(Math.min(CHUNK, left))));
        await file.sync();
      } finally {
        await file.close();
      }
      this.#released = false;
    } catch {
      // No room for it is no reason not to serve.
      await rm(this.#path, { force: true }).catch(() => undefined);
      this.#released = true;
    }
  }
}

function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}
