import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketKey } from '@fr/bucket';
import type { NamedBucket } from '../writer/write.ts';
import type { Disk } from './disk.ts';
import { bucketFolder } from './entry-name.ts';

/** Folders known to be durable; forgetting one costs a sync. */
const REMEMBERED = 16_384;

const SIDECAR = 'bucket.json';

/** Makes bucket folders, with a sidecar that says in words what the hash in the name stands for. */
export class BucketFolders {
  readonly #entriesDir: string;
  readonly #disk: Disk;
  readonly #durable = new Map<string, Promise<string>>();

  constructor(entriesDir: string, disk: Disk) {
    this.#entriesDir = entriesDir;
    this.#disk = disk;
  }

  /** The bucket's folder, itself durable in its parent. */
  async ready(at: NamedBucket): Promise<string> {
    const known = this.#durable.get(at.bucketId);
    if (known) return known;
    if (this.#durable.size >= REMEMBERED) this.#durable.clear();
    const making = this.#make(at);
    this.#durable.set(at.bucketId, making);
    making.catch(() => this.#durable.delete(at.bucketId));
    return making;
  }

  async #make(at: NamedBucket): Promise<string> {
    const folder = bucketFolder(this.#entriesDir, at.bucketId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(join(folder, SIDECAR))) await writeSidecar(this.#disk, folder, at);
    await this.#disk.syncFolder(this.#entriesDir);
    return folder;
  }
}

async function writeSidecar(disk: Disk, folder: string, at: NamedBucket): Promise<void> {
  const path = join(folder, SIDECAR);
  const names = { bucketId: at.bucketId, problemId: at.problemId, key: bucketKey(at.bucket), ...at.bucket };
  const file = await open(`${path}.tmp`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(names, null, 2)}\n`);
    await disk.syncFile(file);
  } finally {
    await file.close();
  }
  await disk.rename(`${path}.tmp`, path);
}
