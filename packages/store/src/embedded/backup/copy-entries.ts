/**
 * Entry files of one index from folder to folder, each read back and compared with the hash the index has of it.
 * @module
 */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryState } from '../../contract/entries.ts';
import { type IndexedEntry, indexAfter } from '../entries/entry-index.ts';
import { isMissing } from '../entries/settle-entry.ts';
import { messageOf } from '../files/disk.ts';
import { checkFile } from '../files/entry-file.ts';
import { bucketFolder, entryPath } from '../files/entry-name.ts';
import { syncFolder } from '../folder/layout.ts';
import type { Database } from '../sqlite/database.ts';
import { copyDurably } from './copy-file.ts';

/** An entry of the index that has no whole file. */
export interface UncopiedEntry {
  readonly entryId: string;
  readonly why: string;
  /** The file is not there at all. */
  readonly isMissing: boolean;
}

export interface CopiedEntries {
  readonly entries: number;
  readonly uncopied: readonly UncopiedEntry[];
}

const PAGE = 100;
const STATES: readonly EntryState[] = ['pending', 'uploaded'];
const SIDECAR = 'bucket.json';

/** `index`: a database that nobody changes meanwhile. */
export async function copyEntries(index: Database, from: string, to: string): Promise<CopiedEntries> {
  await mkdir(to, { mode: 0o700 });
  const folders = new Set<string>();
  const uncopied: UncopiedEntry[] = [];
  let entries = 0;
  for (let page = indexAfter(index, '', PAGE); page.length > 0; ) {
    for (const held of page) {
      const folder = bucketFolder(to, held.bucketId);
      if (!folders.has(folder)) await makeFolder(bucketFolder(from, held.bucketId), folder);
      folders.add(folder);
      const problem = await copyEntry(held, from, to);
      if (problem) uncopied.push(problem);
      else entries += 1;
    }
    page = indexAfter(index, page.at(-1)?.entry.header.entryId ?? '', PAGE);
  }
  for (const folder of folders) syncFolder(folder);
  syncFolder(to);
  return { entries, uncopied };
}

async function makeFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  // For people; the next entry of the bucket writes a lost one again.
  await copyDurably(join(from, SIDECAR), join(to, SIDECAR)).catch(passMissing);
}

async function copyEntry(held: IndexedEntry, from: string, to: string): Promise<UncopiedEntry | undefined> {
  const { entryId } = held.entry.header;
  try {
    const copy = await copyAsNamed(held, from, to);
    if (copy === undefined) return { entryId, why: 'its file is missing', isMissing: true };
    const why = await whyDamaged(copy, held.entry.digest);
    return why === undefined ? undefined : { entryId, why, isMissing: false };
  } catch (cause) {
    if (isMissing(cause)) return { entryId, why: 'its file is missing', isMissing: true };
    throw cause;
  }
}

/** Under whichever name it has: it may be marked at any moment. */
async function copyAsNamed(
  { bucketId, entry }: IndexedEntry,
  from: string,
  to: string,
): Promise<string | undefined> {
  for (const state of [...STATES, ...STATES]) {
    const copy = entryPath(bucketFolder(to, bucketId), entry.header.entryId, state);
    try {
      await copyDurably(entryPath(bucketFolder(from, bucketId), entry.header.entryId, state), copy);
      return copy;
    } catch (cause) {
      passMissing(cause);
    }
  }
  return undefined;
}

async function whyDamaged(path: string, digest: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    return (await checkFile(file)).digest === digest ? undefined : 'it is not the one that was stored';
  } catch (cause) {
    return messageOf(cause);
  } finally {
    await file.close();
  }
}

function passMissing(cause: unknown): void {
  if (!isMissing(cause)) throw cause;
}
