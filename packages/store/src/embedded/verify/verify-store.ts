/**
 * Looks at everything a store holds: every entry's hash, names against index, sums against what they sum up, the
 * database itself. Works beside a running server. A repair rebuilds what can be derived and sets aside what is
 * damaged; nothing is deleted.
 * @module
 */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../contract/store.ts';
import { StoreError } from '../../contract/store-error.ts';
import { ask, type Engine, type Reconciled, write } from '../engine.ts';
import { findEntry, type IndexedEntry, indexAfter } from '../entries/entry-index.ts';
import { checkAgainstIndex } from '../entries/read-entry.ts';
import { bucketFiles, bucketFolders, reconcile } from '../entries/reconcile.ts';
import { dropEntry } from '../entries/settle-entry.ts';
import type { CheckedFile } from '../files/entry-file.ts';
import { parseEntryName } from '../files/entry-name.ts';
import { engineOf, openEmbeddedStore } from '../open.ts';
import type { FiledEntry } from '../writer/write.ts';
import { checkDatabase } from './check-database.ts';

/** An entry that cannot be served. */
export interface DamagedEntry {
  readonly entryId: string;
  readonly bucketId: string;
  readonly why: string;
}

/** What was found. After a repair: what was found before it, and under `repaired` what was done about it. */
export interface VerifyReport {
  /** Nothing was wrong. */
  readonly ok: boolean;
  /** Entries whose hash was checked. */
  readonly entries: number;
  readonly damaged: readonly DamagedEntry[];
  /** Sound entries of which the index says something else than their files. */
  readonly misindexed: number;
  /** Entry files the index does not know. */
  readonly unindexed: number;
  /** Rows that do not sum up what they should. */
  readonly wrongSums: number;
  /** What is wrong with the database itself; empty: sound. */
  readonly database: readonly string[];
  /** Files that lie in `aside/` for a person to look at. */
  readonly aside: number;
  /** What was said while the folder was opened and repaired, a line each. */
  readonly notices: readonly string[];
  readonly repaired?: Readonly<Reconciled> & { readonly sums: number };
}

export interface VerifyOptions {
  /** Put right what can be. Needs the folder for itself, or the store that serves it. Default: false. */
  readonly repair?: boolean;
}

/** Takes a folder or an open embedded store. Costs a read of every byte of it. */
export async function verifyStore(where: string | Store, options: VerifyOptions = {}): Promise<VerifyReport> {
  if (typeof where !== 'string') return verifyOpen(where, options, []);
  const repair = options.repair === true;
  const notices: string[] = [];
  const notice = (line: string) => notices.push(line);
  let store: Store | undefined;
  try {
    store = await openEmbeddedStore({ dir: where, readOnly: !repair, checkDatabase: repair, notice });
    return await verifyOpen(store, options, notices);
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'damaged') throw cause;
    return { ...NOTHING_FOUND, ok: false, database: [cause.message], notices };
  } finally {
    await store?.close();
  }
}

const NOTHING_FOUND: VerifyReport = {
  ok: true,
  entries: 0,
  damaged: [],
  misindexed: 0,
  unindexed: 0,
  wrongSums: 0,
  database: [],
  aside: 0,
  notices: [],
};

async function verifyOpen(
  store: Store,
  options: VerifyOptions,
  notices: readonly string[],
): Promise<VerifyReport> {
  const engine = engineOf(store);
  if (!engine) throw new StoreError('not-found', 'only an open embedded store can be verified');
  const { faults: database, wrongSums } = await checkDatabase(engine.paths.database);
  // What a damaged index says of the files is worth nothing; a repair of the closed folder makes a new one.
  if (database.length > 0)
    return { ...NOTHING_FOUND, ok: false, database, aside: countAside(engine), notices };
  const { entries, damaged, misindexed } = await checkEntries(engine);
  const unindexed = await countUnindexed(engine);
  const ok = damaged.length + misindexed.length + unindexed + wrongSums + notices.length === 0;
  const found = {
    ...{ ok, entries, damaged, misindexed: misindexed.length },
    ...{ unindexed, wrongSums, database, notices },
  };
  if (options.repair !== true) return { ...found, aside: countAside(engine) };
  const repaired = await repair(engine, damaged, misindexed, wrongSums);
  return { ...found, aside: countAside(engine), repaired };
}

async function repair(
  engine: Engine,
  damaged: readonly DamagedEntry[],
  misindexed: readonly FiledEntry[],
  wrongSums: number,
): Promise<Reconciled & { readonly sums: number }> {
  for (const entry of misindexed) await write(engine, 'reindexEntry', { entry });
  await reconcile(engine, { rebuilding: false, live: true });
  for (const { entryId } of damaged) {
    if (await dropEntry(engine, entryId, 'damaged')) engine.reconciled.setAside += 1;
  }
  // Nobody's hit waits for a minute of looking where there is nothing to put right.
  const sums = wrongSums + misindexed.length > 0 ? await write(engine, 'rederive', {}) : 0;
  return { ...engine.reconciled, sums };
}

interface CheckedEntries {
  readonly entries: number;
  readonly damaged: readonly DamagedEntry[];
  /** As their files have them. */
  readonly misindexed: readonly FiledEntry[];
}

async function checkEntries(engine: Engine): Promise<CheckedEntries> {
  const damaged: DamagedEntry[] = [];
  const misindexed: FiledEntry[] = [];
  let entries = 0;
  for (let page = ask(engine, (db) => indexAfter(db, '', 100)); page.length > 0; ) {
    for (const held of page) {
      const found = await lookAt(engine, held);
      entries += 1;
      if (found === undefined) continue;
      if (typeof found !== 'string') misindexed.push(found);
      else damaged.push({ entryId: held.entry.header.entryId, bucketId: held.bucketId, why: found });
    }
    const last = page.at(-1)?.entry.header.entryId ?? '';
    page = ask(engine, (db) => indexAfter(db, last, 100));
  }
  return { entries, damaged, misindexed };
}

/** Why it is damaged; or, where only the index is wrong, what it should say. */
async function lookAt(engine: Engine, held: IndexedEntry): Promise<string | FiledEntry | undefined> {
  const { entryId } = held.entry.header;
  const still = () => ask(engine, (db) => findEntry(db, entryId));
  try {
    const checked = await checkAgainstIndex(engine, held);
    if (isIndexed(held, checked)) return undefined;
    // Marked while it was looked at: no damage.
    const now = still();
    return now === undefined || isIndexed(now, checked) ? undefined : filed(engine, now, checked);
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'damaged') throw cause;
    // Dropped while it was looked at: no damage.
    return still() && cause.message;
  }
}

/** What a crash may leave behind the frame is put right elsewhere; see `reconcile`. */
function isIndexed({ entry, headBytes, fileBytes }: IndexedEntry, checked: CheckedFile): boolean {
  return (
    JSON.stringify(entry.header) === JSON.stringify(checked.header) &&
    entry.bytes === checked.bytes &&
    headBytes === checked.headBytes &&
    (fileBytes !== checked.fileBytes ||
      JSON.stringify(entry.receipts) === JSON.stringify(checked.trailer.receipts))
  );
}

function filed(engine: Engine, { entry }: IndexedEntry, checked: CheckedFile): FiledEntry {
  const { header, digest, bytes, headBytes, fileBytes, trailer } = checked;
  const { state, storedAt } = entry;
  const at = engine.names.of(header.bucket);
  return { header, at, state, receipts: trailer.receipts, digest, bytes, headBytes, fileBytes, storedAt };
}

/** Files whose entry is not in the index, also not a moment later: one may just be arriving. */
async function countUnindexed(engine: Engine): Promise<number> {
  const unknown: string[] = [];
  for await (const bucket of bucketFolders(engine))
    for (const name of bucketFiles(engine, bucket)) {
      const parsed = parseEntryName(name);
      const isEntry = parsed?.is === 'pending' || parsed?.is === 'uploaded';
      if (isEntry && !isKnown(engine, parsed.entryId)) unknown.push(parsed.entryId);
    }
  if (unknown.length === 0) return 0;
  await sleep(250);
  return unknown.filter((entryId) => !isKnown(engine, entryId)).length;
}

function isKnown(engine: Engine, entryId: string): boolean {
  return ask(engine, (db) => db.get('SELECT 1 FROM entries WHERE entry_id = ?', entryId)) !== undefined;
}

function countAside(engine: Engine): number {
  return readdirSync(engine.paths.aside).length;
}
