/**
 * Looks at everything a store holds: every entry's hash, names against index, sums against what they sum up, the
 * database itself. Works beside a running server. A repair rebuilds what can be derived and sets aside what is
 * damaged; nothing is deleted.
 * @module
 */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../contract/store.ts';
import { StoreError } from '../contract/store-error.ts';
import { ask, type Engine, type Reconciled, write } from './engine.ts';
import { findEntry, type IndexedEntry, indexAfter } from './entries/entry-index.ts';
import { checkAgainstIndex } from './entries/read-entry.ts';
import { bucketFiles, bucketFolders, reconcile } from './entries/reconcile.ts';
import { dropEntry } from './entries/settle-entry.ts';
import { parseEntryName } from './files/entry-name.ts';
import { engineOf, openEmbeddedStore } from './open.ts';
import { countWrongSums } from './sqlite/derived.ts';
import { databaseFaults } from './sqlite/integrity.ts';

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
  /** Entry files the index does not know. */
  readonly unindexed: number;
  /** Rows that do not sum up what they should. */
  readonly wrongSums: number;
  /** What SQLite says of its own file; empty: sound. */
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
  const database = ask(engine, databaseFaults);
  // What a damaged index says of the files is worth nothing; a repair of the closed folder makes a new one.
  if (database.length > 0)
    return { ...NOTHING_FOUND, ok: false, database, aside: countAside(engine), notices };
  const { entries, damaged } = await checkEntries(engine);
  const unindexed = await countUnindexed(engine);
  const wrongSums = ask(engine, countWrongSums);
  const ok = damaged.length + unindexed + wrongSums + notices.length === 0;
  const found = { ok, entries, damaged, unindexed, wrongSums, database, notices };
  if (options.repair !== true) return { ...found, aside: countAside(engine) };
  const repaired = await repair(engine, damaged);
  return { ...found, aside: countAside(engine), repaired };
}

async function repair(
  engine: Engine,
  damaged: readonly DamagedEntry[],
): Promise<Reconciled & { readonly sums: number }> {
  await reconcile(engine, { rebuilding: false, live: true });
  for (const { entryId } of damaged) {
    if (await dropEntry(engine, entryId, 'damaged')) engine.reconciled.setAside += 1;
  }
  return { ...engine.reconciled, sums: await write(engine, 'rederive', {}) };
}

async function checkEntries(
  engine: Engine,
): Promise<{ readonly entries: number; readonly damaged: readonly DamagedEntry[] }> {
  const damaged: DamagedEntry[] = [];
  let entries = 0;
  for (let page = ask(engine, (db) => indexAfter(db, '', 100)); page.length > 0; ) {
    for (const held of page) {
      const why = await whyDamaged(engine, held);
      entries += 1;
      if (why === undefined) continue;
      damaged.push({ entryId: held.entry.header.entryId, bucketId: held.bucketId, why });
    }
    const last = page.at(-1)?.entry.header.entryId ?? '';
    page = ask(engine, (db) => indexAfter(db, last, 100));
  }
  return { entries, damaged };
}

async function whyDamaged(engine: Engine, held: IndexedEntry): Promise<string | undefined> {
  try {
    await checkAgainstIndex(engine, held);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'damaged') throw cause;
    // Dropped while it was looked at: no damage.
    const still = ask(engine, (db) => findEntry(db, held.entry.header.entryId));
    return still && cause.message;
  }
}

/** Files whose entry is not in the index, also not a moment later: one may just be arriving. */
async function countUnindexed(engine: Engine): Promise<number> {
  const unknown: string[] = [];
  for await (const bucket of bucketFolders(engine))
    for (const name of bucketFiles(engine, bucket)) {
      const parsed = parseEntryName(name);
      const isEntry = parsed?.is === 'pending' || parsed?.is === 'uploaded';
      if (isEntry && !isIndexed(engine, parsed.entryId)) unknown.push(parsed.entryId);
    }
  if (unknown.length === 0) return 0;
  await sleep(250);
  return unknown.filter((entryId) => !isIndexed(engine, entryId)).length;
}

function isIndexed(engine: Engine, entryId: string): boolean {
  return ask(engine, (db) => db.get('SELECT 1 FROM entries WHERE entry_id = ?', entryId)) !== undefined;
}

function countAside(engine: Engine): number {
  return readdirSync(engine.paths.aside).length;
}
