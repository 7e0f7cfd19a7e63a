/**
 * A backup beside a running server: the database as it is at one moment, then the entries it knows, each checked, then
 * what others keep in the folder, then the manifest. What is stored later is not in it; what is dropped later is struck
 * from the copied index. Broken off, it leaves no manifest, and what it made is removed.
 * @module
 */
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StoreError } from '../../contract/store-error.ts';
import { findEntry } from '../entries/entry-index.ts';
import {
  checkLayout,
  folderPaths,
  LAYOUT_VERSION,
  MANIFEST,
  syncFolder,
  writeWhole,
} from '../folder/layout.ts';
import { Database } from '../sqlite/database.ts';
import { databaseFaults } from '../sqlite/integrity.ts';
import { readOrigin } from '../sqlite/origin.ts';
import { copyDatabase } from '../sqlite/snapshot.ts';
import { Tally } from '../writer/tally.ts';
import { dropEntry } from '../writer/write-entries.ts';
import { copyEntries, type UncopiedEntry } from './copy-entries.ts';
import { type CopiedFile, copyDurably, describeFile, makeDurable } from './copy-file.ts';
import { diskError, takeEmptyFolder } from './empty-folder.ts';
import type { Manifest } from './manifest.ts';

export interface BackupOptions {
  /** Names of files in the folder that are worth nothing in another one. */
  readonly without?: readonly string[];
  readonly now?: () => number;
}

export interface BackupReport {
  /** False: something in the folder is damaged and is not in the backup. */
  readonly ok: boolean;
  readonly entries: number;
  /** Entries left out because their files are damaged or lost; `verify --repair` sets them aside. */
  readonly damaged: readonly { readonly entryId: string; readonly why: string }[];
  readonly files: readonly CopiedFile[];
  readonly takenAt: number;
}

/**
 * Backs up the store in `dir` into the new or empty folder `to`, whether or not somebody serves it. Throws `not-found`
 * and `newer` as opening does, `foreign` for a folder that is not empty, `damaged` where the database is.
 */
export async function backupStore(
  dir: string,
  to: string,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const paths = folderPaths(resolve(dir));
  checkLayout(paths);
  const place = await takeEmptyFolder(to, paths.dir);
  try {
    return await fill(paths, folderPaths(place), options);
  } catch (cause) {
    for (const name of await readdir(place)) await rm(join(place, name), { recursive: true, force: true });
    throw diskError(cause);
  }
}

type Paths = ReturnType<typeof folderPaths>;

async function fill(paths: Paths, copy: Paths, options: BackupOptions): Promise<BackupReport> {
  const takenAt = Math.trunc((options.now ?? Date.now)());
  await copyDatabase(paths.database, copy.database);
  const index = new Database(copy.database);
  let origin: Manifest['origin'];
  let entries: number;
  let damaged: readonly UncopiedEntry[];
  try {
    const faults = databaseFaults(index);
    if (faults.length > 0)
      throw new StoreError(
        'damaged',
        `store.sqlite is damaged (${faults[0]}); \`verify --repair\` comes first`,
      );
    origin = readOrigin(index);
    const copied = await copyEntries(index, paths.entries, copy.entries);
    entries = copied.entries;
    damaged = strike(index, copied.uncopied, paths.database);
  } finally {
    index.close();
  }
  await makeDurable(copy.database);
  for (const { entryId } of damaged) await removeCopies(copy.entries, entryId);
  const files = [
    await describeFile(copy.database),
    ...(await copyOthers(paths, copy, options.without ?? [])),
  ];
  const manifest: Manifest = { format: 'fr-backup', layout: LAYOUT_VERSION, takenAt, origin, entries, files };
  syncFolder(copy.dir);
  writeWhole(join(copy.dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return {
    ok: damaged.length === 0,
    entries,
    damaged: damaged.map(({ entryId, why }) => ({ entryId, why })),
    files,
    takenAt,
  };
}

/** Takes what was not copied out of the copied index; gives what the store still believes to hold. */
function strike(
  index: Database,
  uncopied: readonly UncopiedEntry[],
  database: string,
): readonly UncopiedEntry[] {
  const live = new Database(database, { readOnly: true });
  try {
    const held = (entryId: string) => findEntry(live, entryId) !== undefined;
    const damaged = uncopied.filter((one) => !one.isMissing || held(one.entryId));
    index.run('BEGIN');
    const tally = new Tally(index);
    for (const one of uncopied)
      dropEntry(index, tally, {
        entryId: one.entryId,
        reason: damaged.includes(one) ? 'damaged' : 'retention',
      });
    index.run('COMMIT');
    return damaged;
  } finally {
    live.close();
  }
}

async function removeCopies(entriesDir: string, entryId: string): Promise<void> {
  for (const bucket of await readdir(entriesDir))
    for (const state of ['pending', 'uploaded'])
      await rm(join(entriesDir, bucket, `${entryId}.${state}`), { force: true });
}

/** What is the store's own, and what holds only for this place. */
function isOfThisFolder(name: string, without: readonly string[]): boolean {
  return (
    /^(layout\.json|lock\.sqlite.*|holder\.json|store\.sqlite.*|acknowledged|reserve)$/.test(name) ||
    name.endsWith('.tmp') ||
    without.includes(name)
  );
}

async function copyOthers(
  paths: Paths,
  copy: Paths,
  without: readonly string[],
): Promise<readonly CopiedFile[]> {
  const files: CopiedFile[] = [];
  for (const one of await readdir(paths.dir, { withFileTypes: true })) {
    if (!one.isFile() || isOfThisFolder(one.name, without)) continue;
    await copyDurably(join(paths.dir, one.name), join(copy.dir, one.name));
    files.push(await describeFile(join(copy.dir, one.name)));
  }
  return files;
}
