/**
 * What happens to an entry after it is stored. mark: receipt line → fsync → rename → folder fsync → index. drop:
 * rename to `.dropped` → index → unlink. A crash anywhere in between is finished by the next start.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Receipt } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import type { DropReason } from '../../contract/entries.ts';
import { StoreError } from '../../contract/store-error.ts';
import { ask, checkFolder, type Engine, write } from '../engine.ts';
import { storageError } from '../files/disk.ts';
import { readTrailer } from '../files/entry-file.ts';
import { bucketFolder, droppedPath, entryPath } from '../files/entry-name.ts';
import { printReceiptLine } from '../files/trailer.ts';
import { findEntry, type IndexedEntry } from './entry-index.ts';

export async function markEntry(engine: Engine, entryId: string, receipt: Receipt): Promise<void> {
  engine.condition.checkWritable();
  const id = normaliseId(entryId) ?? '';
  await engine.turns.take(id, async () => {
    const held = ask(engine, (db) => findEntry(db, id));
    if (!held) throw new StoreError('not-found', `there is no entry ${entryId}`);
    if (held.entry.state === 'uploaded' && has(held.entry.receipts, receipt)) return;
    await inFolder(engine, held.bucketId, async () => {
      const path = locate(engine, held);
      // The file decides: an earlier mark may have come to its line but not to the index.
      const { receipts } = await readTrailer(path, held.entry.bytes);
      checkFolder(engine);
      if (!has(receipts, receipt)) await appendReceipt(engine, path, receipt);
      await finishMark(engine, path, held, has(receipts, receipt) ? receipts : [...receipts, receipt]);
    });
  });
}

/** Work that a crash may cut in two; see `touched.ts`. `unsynced`: the folder is not synced at its end. */
async function inFolder<T>(
  engine: Engine,
  bucketId: string,
  work: () => Promise<T>,
  unsynced = false,
): Promise<T> {
  const begun = await engine.touched?.begin(bucketId);
  try {
    const done = await work();
    begun?.end({ sound: true, unsynced });
    return done;
  } catch (cause) {
    begun?.end({ sound: false });
    throw storageError(cause);
  }
}

function has(receipts: readonly Receipt[], receipt: Receipt): boolean {
  return receipts.some((one) => JSON.stringify(one) === JSON.stringify(receipt));
}

/** Second half of a mark, for a file that has its receipts. */
export async function finishMark(
  engine: Engine,
  path: string,
  held: IndexedEntry,
  receipts: readonly Receipt[],
): Promise<void> {
  const { entryId } = held.entry.header;
  const folder = dirname(path);
  const marked = entryPath(folder, entryId, 'uploaded');
  checkFolder(engine);
  if (path !== marked) await engine.disk.rename(path, marked);
  await engine.disk.syncFolder(folder);
  const { size } = statSync(marked);
  await write(engine, 'markEntry', { entryId, receipts, fileBytes: size });
}

/** Appends durably. A line that an earlier crash tore is ended first. */
async function appendReceipt(engine: Engine, path: string, receipt: Receipt): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    await file.appendFile(`${last.buffer[0] === 10 ? '' : '\n'}${printReceiptLine(receipt)}`);
    await engine.disk.syncFile(file);
  } finally {
    await file.close();
  }
}

export async function dropEntry(engine: Engine, entryId: string, reason: DropReason): Promise<boolean> {
  engine.condition.checkWritable();
  const id = normaliseId(entryId) ?? '';
  return engine.turns.take(id, async () => {
    const held = ask(engine, (db) => findEntry(db, id));
    if (!held) return false;
    return inFolder(engine, held.bucketId, () => dropHeld(engine, held, reason), true);
  });
}

async function dropHeld(engine: Engine, held: IndexedEntry, reason: DropReason): Promise<boolean> {
  const { entryId } = held.entry.header;
  const path = locate(engine, held);
  const away = droppedPath(dirname(path), entryId, reason);
  try {
    checkFolder(engine);
    if (reason === 'damaged') await setAside(engine, path);
    else await engine.disk.rename(path, away);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
  }
  const dropped = await write(engine, 'dropEntry', { entryId, reason }).catch(async (cause) => {
    // Still held: back to its name. Where nothing is written any more nobody knows, and the next start finishes the drop.
    if (engine.condition.isWriting) await engine.disk.rename(away, path).catch(() => undefined);
    throw cause;
  });
  await unlinkIfThere(engine, away);
  return dropped;
}

/** Moves a file to where people can look at it and nothing serves it. */
export async function setAside(engine: Engine, path: string): Promise<void> {
  const name = `${basename(dirname(path))}.${basename(path)}.${engine.now()}`;
  await engine.disk.rename(path, join(engine.paths.aside, name));
}

export async function unlinkIfThere(engine: Engine, path: string): Promise<void> {
  try {
    await engine.disk.unlink(path);
  } catch (cause) {
    if (!isMissing(cause)) throw storageError(cause);
  }
}

/** The file as it is called now: after a mark that failed half-way it may be ahead of the index. */
function locate(engine: Engine, held: IndexedEntry): string {
  const folder = bucketFolder(engine.paths.entries, held.bucketId);
  const { entryId } = held.entry.header;
  const marked = entryPath(folder, entryId, 'uploaded');
  return existsSync(marked) ? marked : entryPath(folder, entryId, 'pending');
}

export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
