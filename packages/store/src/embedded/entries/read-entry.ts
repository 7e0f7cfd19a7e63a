import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProtocolError } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import type { DropReason, EntryContent, EntryState, StoredEntry } from '../../contract/entries.ts';
import { RETENTION_REASONS } from '../../contract/retention.ts';
import { StoreError } from '../../contract/store-error.ts';
import { ask, type Engine } from '../engine.ts';
import { storageError } from '../files/disk.ts';
import { type CheckedFile, checkFile, streamPart } from '../files/entry-file.ts';
import { bucketFolder, droppedPath, entryPath } from '../files/entry-name.ts';
import { findEntry, type IndexedEntry, pendingAfter } from './entry-index.ts';
import { isMissing } from './settle-entry.ts';

const PAGE = 100;
const STATES: readonly EntryState[] = ['pending', 'uploaded'];
const DROP_REASONS: readonly DropReason[] = [...RETENTION_REASONS, 'retention', 'administrator'];

/** A page of the index at a time; what is marked or dropped meanwhile does not come any more. */
export async function* pendingEntries(engine: Engine): AsyncGenerator<StoredEntry> {
  let after = { storedAt: -1, entryId: '' };
  for (;;) {
    const page = ask(engine, (db) => pendingAfter(db, after, PAGE));
    for (const entry of page) {
      after = { storedAt: entry.storedAt, entryId: entry.header.entryId };
      const now = ask(engine, (db) => findEntry(db, after.entryId));
      if (now?.entry.state === 'pending') yield now.entry;
    }
    if (page.length < PAGE) return;
  }
}

/** A file that is not there although the index has it: lost, or about to leave the index, too. */
class MissingFile extends StoreError {}

/** How often, and after how many milliseconds, to look again for a file that may just be dropped. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 50;

/** Checks the whole file before a byte of it is given out, and every part again while it streams. */
export async function readEntry(engine: Engine, entryId: string): Promise<EntryContent | undefined> {
  const id = normaliseId(entryId) ?? '';
  for (let look = 1; ; look++) {
    const held = ask(engine, (db) => findEntry(db, id));
    if (!held) return undefined;
    try {
      await checkAgainstIndex(engine, held);
      return { entry: held.entry, parts: (types) => parts(engine, held, types) };
    } catch (cause) {
      if (!(cause instanceof MissingFile)) throw cause;
      if (cause.code === 'not-found') return undefined;
      if (look >= LOOKS) throw cause;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/**
 * Whether a file is missing because its entry was dropped: it is out of the folder first, then out of the index. A
 * writer that dies in between leaves it like that until the next start.
 */
function isDropped(engine: Engine, { bucketId, entry }: IndexedEntry): boolean {
  const { entryId } = entry.header;
  const folder = bucketFolder(engine.paths.entries, bucketId);
  return (
    DROP_REASONS.some((reason) => existsSync(droppedPath(folder, entryId, reason))) ||
    ask(engine, (db) => findEntry(db, entryId)) === undefined
  );
}

async function* parts(engine: Engine, held: IndexedEntry, types: readonly string[] | undefined) {
  let at = held.headBytes;
  for (const part of held.entry.header.parts) {
    const start = at;
    at += part.bytes + 1;
    if (types !== undefined && !types.includes(part.type)) continue;
    const content = { [Symbol.asyncIterator]: () => streamPart(() => openFile(engine, held), part, start) };
    yield { part, content };
  }
}

/** Reads all of an entry's file. Throws `damaged` unless it is the entry that was acknowledged. */
export async function checkAgainstIndex(engine: Engine, held: IndexedEntry): Promise<CheckedFile> {
  const { entryId } = held.entry.header;
  const file = await openFile(engine, held);
  try {
    const checked = await checkFile(file);
    if (checked.digest !== held.entry.digest)
      throw new StoreError('damaged', `entry ${entryId} is not the one that was stored under this id`);
    return checked;
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw storageError(cause);
    throw new StoreError('damaged', `entry ${entryId} is damaged: ${cause.message}`, { cause });
  } finally {
    await file.close();
  }
}

/** The file under whichever name it has: it may be marked between the question and the opening. */
async function openFile(engine: Engine, held: IndexedEntry): Promise<FileHandle> {
  const folder = bucketFolder(engine.paths.entries, held.bucketId);
  const { entryId } = held.entry.header;
  for (const state of [...STATES, ...STATES]) {
    try {
      return await open(entryPath(folder, entryId, state), 'r');
    } catch (cause) {
      if (!isMissing(cause)) throw storageError(cause);
    }
  }
  if (isDropped(engine, held)) throw new MissingFile('not-found', `entry ${entryId} was dropped meanwhile`);
  throw new MissingFile('damaged', `the file of entry ${entryId} is missing`);
}
