/**
 * A backup becomes a store: copied and checked in a folder inside the new one, opened there once (which counts what the
 * journal of the backup still held under the old epoch, and then opens a new one), moved up name by name, `layout.json`
 * last. Broken off, it leaves a folder that nobody serves.
 * @module
 */
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Origin } from '@fr/protocol';
import type { Settings } from '../../contract/settings.ts';
import { StoreError } from '../../contract/store-error.ts';
import { folderPaths, RESTORING, syncFolder, writeWhole } from '../folder/layout.ts';
import { openEmbeddedStore } from '../open.ts';
import { Database } from '../sqlite/database.ts';
import { verifyStore } from '../verify/verify-store.ts';
import { copyEntries } from './copy-entries.ts';
import { copyDurably, describeFile } from './copy-file.ts';
import { diskError, takeEmptyFolder } from './empty-folder.ts';
import { type Manifest, readManifest } from './manifest.ts';

export interface RestoreOptions {
  /** Told the settings of the store before anything is final; what it throws ends the restore. */
  readonly accept?: (settings: Settings) => Promise<void>;
  readonly now?: () => number;
}

export interface RestoreReport {
  readonly ok: true;
  readonly entries: number;
  /** When the backup was taken; what came later is not there. */
  readonly takenAt: number;
  /** Under which the restored store counts from now on. */
  readonly origin: Origin;
}

/**
 * Restores the backup in `from` into the new or empty folder `to`. Throws `foreign` for a folder that is not empty or
 * holds no backup, `newer`, and `damaged` where the backup is not what was written.
 */
export async function restoreStore(
  from: string,
  to: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const manifest = await readManifest(resolve(from));
  const dir = await takeEmptyFolder(to, from);
  try {
    const work = join(dir, RESTORING);
    await mkdir(work, { mode: 0o700 });
    await copyAll(manifest, resolve(from), work);
    const origin = await openAnew(work, manifest, options);
    await moveUp(work, dir);
    return { ok: true, entries: manifest.entries, takenAt: manifest.takenAt, origin };
  } catch (cause) {
    throw diskError(cause);
  }
}

async function copyAll(manifest: Manifest, from: string, to: string): Promise<void> {
  for (const { name, bytes, sha256 } of manifest.files) {
    if (!/^[^/\\]+$/.test(name) || name.startsWith('.')) throw damaged(from, `it names "${name}"`);
    await copyDurably(join(from, name), join(to, name));
    const copy = await describeFile(join(to, name));
    if (copy.bytes !== bytes || copy.sha256 !== sha256)
      throw damaged(from, `${name} is not what was written`);
  }
  const index = new Database(folderPaths(to).database);
  try {
    const { entries, uncopied } = await copyEntries(
      index,
      folderPaths(from).entries,
      folderPaths(to).entries,
    );
    const [first] = uncopied;
    if (first)
      throw damaged(from, `of entry ${first.entryId} ${first.why}, and of ${uncopied.length - 1} more`);
    if (entries !== manifest.entries) throw damaged(from, `it has ${entries} entries of ${manifest.entries}`);
  } finally {
    index.close();
  }
  writeWhole(folderPaths(to).layout, `${JSON.stringify({ format: 'fr-store', version: manifest.layout })}\n`);
}

async function openAnew(work: string, manifest: Manifest, options: RestoreOptions): Promise<Origin> {
  const notices: string[] = [];
  const now = options.now ?? Date.now;
  // Also where the clock is behind that of the machine the backup was taken on.
  const later = () => Math.max(now(), manifest.origin.epoch + 1);
  const store = await openEmbeddedStore({ dir: work, now: later, notice: (line) => notices.push(line) });
  try {
    await options.accept?.(store.settings);
    const { ok } = await verifyStore(store);
    if (!ok || notices.length > 0) throw damaged(work, notices[0] ?? 'what was copied does not fit together');
    return await store.identity.openEpoch();
  } finally {
    await store.close();
  }
}

async function moveUp(work: string, dir: string): Promise<void> {
  const names = await readdir(work);
  for (const name of names.filter((one) => one !== 'layout.json'))
    await rename(join(work, name), join(dir, name));
  syncFolder(dir);
  await rename(join(work, 'layout.json'), join(dir, 'layout.json'));
  await rmdir(work);
  syncFolder(dir);
}

function damaged(dir: string, why: string): StoreError {
  return new StoreError('damaged', `the backup in ${dir} is damaged: ${why}; use another one`);
}
