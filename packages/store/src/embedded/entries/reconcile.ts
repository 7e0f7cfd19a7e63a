/**
 * What a crash leaves, put right: tmp files are removed, drops and marks finished, whole files the index does
 * not know are put into it, and what is not whole is set aside. Where names, sizes and index agree, nothing is read.
 * @module
 */
import { readdirSync, statSync } from 'node:fs';
import { open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { bucketId, isBucketId } from '@fr/bucket';
import { normaliseId } from '@fr/protocol/ids';
import type { EntryState } from '../../contract/entries.ts';
import { ask, type Engine, type Reconciled, write } from '../engine.ts';
import { messageOf } from '../files/disk.ts';
import { type CheckedFile, checkFile, readTrailer } from '../files/entry-file.ts';
import { entryPath, parseEntryName } from '../files/entry-name.ts';
import { bucketAfter, entriesInBucket, findEntry, type IndexedEntry } from './entry-index.ts';
import { finishMark, isMissing, setAside, unlinkIfThere } from './settle-entry.ts';
import { ALL_BUCKETS, touchedBuckets } from './touched.ts';

export interface ReconcileOptions {
  /** The index was lost and is made anew from the files. */
  readonly rebuilding: boolean;
  /** Leave tmp files alone: something may be arriving. */
  readonly live: boolean;
}

/** Then whoever else is served has a turn. */
const SLICE_MS = 5;

/** Everything: first what the index knows, then the folders of which it knows nothing. */
export async function reconcile(engine: Engine, options: ReconcileOptions): Promise<void> {
  await reportingLost(engine, async () => {
    let began = performance.now();
    for await (const bucket of allBuckets(engine)) {
      await reconcileBucket(engine, options, bucket);
      if (performance.now() - began < SLICE_MS) continue;
      await nextTurn();
      began = performance.now();
    }
  });
}

/** What a crash may have left half done, and nothing else; see `touched.ts`. */
export async function reconcileTouched(engine: Engine): Promise<void> {
  const touched = ask(engine, touchedBuckets);
  const options = { rebuilding: false, live: false };
  if (touched.includes(ALL_BUCKETS)) await reconcile(engine, options);
  else
    await reportingLost(engine, async () => {
      for (const bucket of touched) await reconcileBucket(engine, options, bucket);
    });
  if (touched.length > 0) await write(engine, 'touch', { add: [], remove: touched });
}

/** Every bucket with entries in the index, then every other one with a folder; in bounded memory. */
export async function* allBuckets(engine: Engine): AsyncGenerator<string> {
  let known = ask(engine, (db) => bucketAfter(db, ''));
  while (known !== undefined) {
    const after = known;
    yield after;
    known = ask(engine, (db) => bucketAfter(db, after));
  }
  for await (const bucket of bucketFolders(engine))
    if (ask(engine, (db) => entriesInBucket(db, bucket)).size === 0) yield bucket;
}

export async function reconcileBucket(
  engine: Engine,
  options: ReconcileOptions,
  bucket: string,
): Promise<void> {
  await new BucketReconciler(engine, options, bucket).run();
}

/** However many are lost: one line. */
export async function reportingLost(engine: Engine, work: () => Promise<void>): Promise<void> {
  const missing = engine.reconciled.missing;
  try {
    await work();
  } finally {
    const lost = engine.reconciled.missing - missing;
    if (lost > 0) engine.notice(`${lost} entries have lost their files and were counted as damaged`);
  }
}

/** One bucket's folder against its rows in the index. */
class BucketReconciler {
  readonly #engine: Engine;
  readonly #options: ReconcileOptions;
  readonly #done: Reconciled;
  readonly #bucketId: string;
  readonly #folder: string;
  /** Rows for which no file has been seen yet. */
  readonly #unseen: Map<
    string,
    { readonly state: string; readonly bytes: number; readonly fileBytes: number }
  >;

  constructor(engine: Engine, options: ReconcileOptions, bucket: string) {
    this.#engine = engine;
    this.#options = options;
    this.#done = engine.reconciled;
    this.#bucketId = bucket;
    this.#folder = join(engine.paths.entries, bucket);
    this.#unseen = new Map(ask(engine, (db) => entriesInBucket(db, bucket)));
  }

  async run(): Promise<void> {
    // Names that sort later first: of an entry that lies there twice, the uploaded one counts.
    for (const name of bucketFiles(this.#engine, this.#bucketId).toSorted().reverse())
      await this.#lookAt(name);
    for (const entryId of this.#unseen.keys())
      await this.#engine.turns.take(entryId, () => this.#reportMissing(entryId));
  }

  async #lookAt(name: string): Promise<void> {
    const path = join(this.#folder, name);
    const parsed = parseEntryName(name);
    if (!parsed) return;
    if (parsed.is === 'tmp') {
      if (this.#options.live) return;
      await unlinkIfThere(this.#engine, path);
      this.#done.tmpRemoved += 1;
      return;
    }
    const { entryId, is } = parsed;
    const row = this.#unseen.get(entryId);
    this.#unseen.delete(entryId);
    if (row && row.state === is && row.fileBytes === sizeOf(path)) return;
    await this.#engine.turns.take(entryId, () =>
      parsed.is === 'dropped'
        ? this.#finishDrop(path, entryId, parsed.reason)
        : this.#putRight(path, entryId, parsed.is),
    );
  }

  async #finishDrop(path: string, entryId: string, reason: string): Promise<void> {
    await write(this.#engine, 'dropEntry', { entryId, reason });
    await unlinkIfThere(this.#engine, path);
    this.#done.dropsFinished += 1;
  }

  /** Looks once more, now that nobody else works on this entry. */
  async #putRight(path: string, entryId: string, state: EntryState): Promise<void> {
    const size = sizeOf(path);
    if (size === undefined) return;
    const held = ask(this.#engine, (db) => findEntry(db, entryId));
    if (!held) return this.#index(path, entryId);
    if (held.bucketId !== this.#bucketId) return this.#giveUp(path, entryId, 'it is held in another bucket');
    if (held.entry.state === state && held.fileBytes === size) return;
    if (size < held.entry.bytes) return this.#giveUp(path, entryId, 'it is shorter than it was');
    await this.#finishMark(path, held, state);
  }

  /** The file has more behind its frame than the index knows: a receipt, or the torn rest of one. */
  async #finishMark(path: string, held: IndexedEntry, state: EntryState): Promise<void> {
    const { receipts } = await readTrailer(path, held.entry.bytes);
    if (receipts.length === 0 && state === 'pending') return;
    await finishMark(this.#engine, path, held, receipts);
    this.#done.marksFinished += 1;
  }

  /** A whole entry that was not acknowledged, or whose index is lost. */
  async #index(path: string, entryId: string): Promise<void> {
    const checked = await this.#check(path, entryId);
    if (!checked) return;
    const { header, digest, bytes, headBytes, fileBytes, trailer } = checked;
    const { receipts, credits } = trailer;
    const state = receipts.length > 0 ? 'uploaded' : path.endsWith('.uploaded') ? 'uploaded' : 'pending';
    const right = entryPath(this.#folder, entryId, state);
    if (right !== path) await this.#engine.disk.rename(path, right);
    await this.#engine.disk.syncFolder(this.#folder);
    const storedAt = trailer.storedAt ?? Math.trunc(statSync(right).mtimeMs);
    const at = this.#engine.names.of(header.bucket);
    const entry = { header, at, state, receipts, digest, bytes, headBytes, fileBytes, storedAt } as const;
    const { rebuilding } = this.#options;
    const given = await write(this.#engine, 'storeEntry', { entry, credits, rebuilding });
    if (given === 'stored') this.#done.indexed += 1;
    else if (given === 'duplicate') await this.#giveUp(right, entryId, 'it is held already');
    else if (this.#options.live) await this.#giveUp(right, entryId, 'what it was for is satisfied');
    // A crash came between the refusal and the removal: it was never acknowledged.
    else await unlinkIfThere(this.#engine, right);
  }

  async #check(path: string, entryId: string): Promise<CheckedFile | undefined> {
    const file = await open(path, 'r');
    try {
      const checked = await checkFile(file);
      if (checked.header.entryId === entryId && bucketId(checked.header.bucket) === this.#bucketId)
        return checked;
      await this.#giveUp(path, entryId, 'its name is not that of the entry inside');
    } catch (cause) {
      await this.#giveUp(path, entryId, messageOf(cause));
    } finally {
      await file.close();
    }
    return undefined;
  }

  async #giveUp(path: string, entryId: string, why: string): Promise<void> {
    await setAside(this.#engine, path);
    const indexed = await write(this.#engine, 'dropEntry', { entryId, reason: 'damaged' });
    if (!indexed) await write(this.#engine, 'count', { of: 'entries', outcomes: [['dropped', 'set-aside']] });
    this.#done.setAside += 1;
    this.#engine.notice(`entry ${entryId} was set aside: ${why}`);
  }

  async #reportMissing(entryId: string): Promise<void> {
    // What is no id has no file: a bit of the row has turned, and the file was just given a row of its own.
    if (normaliseId(entryId) === entryId) {
      const held = ask(this.#engine, (db) => findEntry(db, entryId));
      if (!held || sizeOf(entryPath(this.#folder, entryId, held.entry.state)) !== undefined) return;
    }
    await write(this.#engine, 'dropEntry', { entryId, reason: 'damaged' });
    this.#done.missing += 1;
  }
}

/** Names of the folders that are buckets', in no order. */
export async function* bucketFolders(engine: Engine): AsyncGenerator<string> {
  for await (const one of await opendir(engine.paths.entries, { bufferSize: 1_024 }))
    if (one.isDirectory() && isBucketId(one.name)) yield one.name;
}

/** Names of the files in a bucket's folder. */
export function bucketFiles(engine: Engine, bucket: string): readonly string[] {
  try {
    return readdirSync(join(engine.paths.entries, bucket), { withFileTypes: true })
      .filter((one) => one.isFile())
      .map(({ name }) => name);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
