import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { Landing } from '../../arrival.ts';
import { type Disk, storageError } from './disk.ts';

/** A frame on its way into a tmp file. open → sealed (durable, under its tmp name) or discarded. */
export class FileLanding implements Landing {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #disk: Disk;
  #open = true;
  #bytes = 0;

  private constructor(path: string, file: FileHandle, disk: Disk) {
    this.path = path;
    this.#file = file;
    this.#disk = disk;
  }

  static async at(path: string, disk: Disk): Promise<FileLanding> {
    try {
      return new FileLanding(path, await open(path, 'wx', 0o600), disk);
    } catch (cause) {
      throw storageError(cause);
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      let at = 0;
      while (at < chunk.byteLength) at += (await this.#file.write(chunk, at)).bytesWritten;
      this.#bytes += chunk.byteLength;
    } catch (cause) {
      throw storageError(cause);
    }
  }

  /** Adds the first trailer line and makes the content durable; gives the size of the file. */
  async seal(line: string): Promise<number> {
    await this.write(Buffer.from(line));
    try {
      await this.#disk.syncFile(this.#file);
      await this.#close();
    } catch (cause) {
      throw storageError(cause);
    }
    return this.#bytes;
  }

  async discard(): Promise<void> {
    try {
      await this.#close();
      await unlink(this.path);
    } catch {
      // The next start removes tmp files.
    }
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close();
  }
}
