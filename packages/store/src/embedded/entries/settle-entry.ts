/**
 * What happens to an entry after it is stored. mark: receipt line → fsync → rename → folder fsync → index. drop:
 * rename to `.dropped` → index → unlink. A crash anywhere in between is finished by the next start.
 * @module
 */
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Receipt } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import type { DropReason } from '../../contract/entries.ts';
import { StoreError } from '../../contract/store-error.ts';
import { ask, type Engine, write } from '../engine.ts';
import { storageError } from '../files/disk.ts';
import { bucketFolder, droppedPath, entryPath } from '../files/entry-name.ts';
import { printReceiptLine } from '../files/trailer.ts';
import { findEntry, type IndexedEntry } from './entry-index.ts';

export async function markEntry(engine: Engine, entryId: string, receipt: Receipt): Promise<void> {
  engine.condition.checkWritable();
  const id = normaliseId(entryId) ?? '';
  await engine.turns.take(id, async () => {
    const held = ask(engine, (db) => findEntry(db, id));
    if (!held) throw new StoreError('not-found', `there is no entry ${entryId}`);
    const { receipts } = held.entry;
    if (receipts.some((one) => JSON.stringify(one) === JSON.stringify(receipt))) return;
    try {
      const fileBytes = await appendReceipt(engine, pathOf(engine, held), receipt);
      await finishMark(engine, held, [...receipts, receipt], fileBytes);
    } catch (cause) {
      throw storageError(cause);
    }
  });
}

/** Second half of a mark, for an entry whose file has its receipts. */
export async function finishMark(
  engine: Engine,
  held: IndexedEntry,
  receipts: readonly Receipt[],
  fileBytes: number,
): Promise<void> {
  const { entryId } = held.entry.header;
  const folder = bucketFolder(engine.paths.entries, held.bucketId);
  if (held.entry.state === 'pending') {
    await engine.disk.rename(entryPath(folder, entryId, 'pending'), entryPath(folder, entryId, 'uploaded'));
    await engine.disk.syncFolder(folder);
  }
  await write(engine, 'markEntry', { entryId, receipts, fileBytes });
}

/** Appends durably; gives the new size. A line that an earlier crash tore is ended first. */
async function appendReceipt(engine: Engine, path: string, receipt: Receipt): Promise<number> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const line = `${last.buffer[0] === 10 ? '' : '\n'}${printReceiptLine(receipt)}`;
    await file.appendFile(line);
    await engine.disk.syncFile(file);
    return size + Buffer.byteLength(line);
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
    try {
      const path = pathOf(engine, held);
      if (reason === 'damaged') await setAside(engine, path);
      else await engine.disk.rename(path, droppedPath(dirname(path), id, reason));
    } catch (cause) {
      if (!isMissing(cause)) throw storageError(cause);
    }
    const dropped = await write(engine, 'dropEntry', { entryId: id, reason });
    await unlinkIfThere(engine, droppedPath(bucketFolder(engine.paths.entries, held.bucketId), id, reason));
    return dropped;
  });
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

function pathOf(engine: Engine, held: IndexedEntry): string {
  const folder = bucketFolder(engine.paths.entries, held.bucketId);
  return entryPath(folder, held.entry.header.entryId, held.entry.state);
}

export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
