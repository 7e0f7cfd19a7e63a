/**
 * The way of a frame to an acknowledged entry: tmp file → fsync → rename → folder fsync → index commit. Whatever
 * happens before the commit, the sender hears no acknowledgement, and the next start finds either nothing, a tmp file,
 * or a whole entry that it can put into the index.
 * @module
 */
import { dirname } from 'node:path';
import type { EntryHeader } from '@fr/protocol';
import { type Arrival, brokenFrameReason, receiveFrame, type WholeFrame } from '../../arrival.ts';
import type { AddResult, EntryGate, StoredEntry } from '../../contract/entries.ts';
import { StoreError } from '../../contract/store-error.ts';
import { ask, checkFolder, type Engine, write } from '../engine.ts';
import type { BucketFolders } from '../files/bucket-folder.ts';
import { storageError } from '../files/disk.ts';
import { arrivingPath, entryPath } from '../files/entry-name.ts';
import { FileLanding } from '../files/file-landing.ts';
import { printStoredLine } from '../files/trailer.ts';
import type { FiledEntry } from '../writer/write.ts';
import { findEntry } from './entry-index.ts';
import type { Work } from './touched.ts';

/** Tells arrivals of one entry apart. */
let attempts = 0;

export async function addEntry(
  engine: Engine,
  folders: BucketFolders,
  frame: AsyncIterable<Uint8Array>,
  gate: EntryGate,
  receivedAt: number,
): Promise<AddResult> {
  engine.condition.checkWritable();
  let work: Work | undefined;
  const land = async (header: EntryHeader) => {
    work = await engine.touched?.begin(engine.names.of(header.bucket).bucketId, { isEntry: true });
    return landing(engine, folders, header);
  };
  try {
    const added = await take(engine, await receive(engine, frame, gate, land), receivedAt);
    work?.end({ sound: true });
    return added;
  } catch (cause) {
    work?.end({ sound: false });
    throw cause;
  }
}

async function take(engine: Engine, arrival: Arrival<FileLanding>, receivedAt: number): Promise<AddResult> {
  if (arrival.arrival === 'whole') return file(engine, arrival, receivedAt);
  if (arrival.arrival === 'duplicate') {
    await countArrival(engine, 'duplicate', '');
    return { result: 'duplicate', entry: arrival.entry };
  }
  await countArrival(engine, 'refused', arrival.reason);
  return { result: 'refused', reason: arrival.reason };
}

async function landing(engine: Engine, folders: BucketFolders, header: EntryHeader): Promise<FileLanding> {
  engine.condition.checkWritable();
  await engine.reserve?.checkEntries();
  const folder = await folders.ready(engine.names.of(header.bucket)).catch((cause) => {
    throw storageError(cause);
  });
  attempts += 1;
  return FileLanding.at(arrivingPath(folder, header.entryId, attempts), engine.disk);
}

async function receive(
  engine: Engine,
  frame: AsyncIterable<Uint8Array>,
  gate: EntryGate,
  land: (header: EntryHeader) => Promise<FileLanding>,
): Promise<Arrival<FileLanding>> {
  try {
    return await receiveFrame(frame, { held: (entryId) => held(engine, entryId), gate, land });
  } catch (cause) {
    if (!(cause instanceof StoreError)) {
      // What is not counted here is not counted as received either; the sender is to hear its own error.
      await countArrival(engine, 'refused', brokenFrameReason(cause)).catch(() => undefined);
    }
    throw cause;
  }
}

function held(engine: Engine, entryId: string): StoredEntry | undefined {
  return ask(engine, (db) => findEntry(db, entryId))?.entry;
}

async function countArrival(engine: Engine, outcome: string, reason: string): Promise<void> {
  await write(engine, 'count', {
    of: 'entries',
    outcomes: [
      ['received', ''],
      [outcome, reason],
    ],
  });
}

async function file(engine: Engine, whole: WholeFrame<FileLanding>, receivedAt: number): Promise<AddResult> {
  const { landing, header } = whole;
  return engine.turns.take(header.entryId, async () => {
    try {
      engine.condition.checkWritable();
      const before = held(engine, header.entryId);
      if (before) {
        await landing.discard();
        await countArrival(engine, 'duplicate', '');
        return { result: 'duplicate', entry: before };
      }
      return await settle(engine, whole, receivedAt);
    } catch (cause) {
      await landing.discard();
      throw storageError(cause);
    }
  });
}

async function settle(
  engine: Engine,
  whole: WholeFrame<FileLanding>,
  receivedAt: number,
): Promise<AddResult> {
  const { landing, header, digest, bytes, headBytes, credits } = whole;
  const fileBytes = await landing.seal(printStoredLine(receivedAt, credits));
  const folder = dirname(landing.path);
  const path = entryPath(folder, header.entryId, 'pending');
  checkFolder(engine);
  await engine.disk.rename(landing.path, path);
  const stored = { header, state: 'pending', receipts: [], digest, bytes, storedAt: receivedAt } as const;
  const entry: FiledEntry = { ...stored, at: engine.names.of(header.bucket), headBytes, fileBytes };
  try {
    await engine.disk.syncFolder(folder);
    const given = await write(
      engine,
      'storeEntry',
      { entry, credits, rebuilding: false },
      { bytes: 4 * headBytes, isEntry: true },
    );
    if (given !== 'not-needed') return { result: given, entry: stored };
    await engine.disk.unlink(path);
    return { result: 'refused', reason: 'not-needed' };
  } catch (cause) {
    await takeBack(engine, path);
    throw cause;
  }
}

/** The entry was not acknowledged. After a failed sync nothing is touched: the next start decides. */
async function takeBack(engine: Engine, path: string): Promise<void> {
  try {
    engine.condition.checkWriting();
    await engine.disk.unlink(path);
  } catch {
    // The next start finds a whole entry and puts it into the index; the sender's repeat is a duplicate then.
  }
}
