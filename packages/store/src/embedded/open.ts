/**
 * Opening a folder: layout → lock → writer (a damaged database is set aside and made anew) → reading connection →
 * what a crash left half done is put right → open, with a patrol behind it. Closing: no new calls → what is under way
 * finishes → nothing is noted as half done → writer closes → lock released.
 * @module
 */
import { resolve } from 'node:path';
import { type IdSource, uuidv7 } from '@fr/protocol/ids';
import type { RetentionLimits } from '../contract/retention.ts';
import type { Store } from '../contract/store.ts';
import { StoreError } from '../contract/store-error.ts';
import { Condition } from './condition.ts';
import { embeddedDemands } from './embedded-demands.ts';
import { embeddedHits } from './embedded-hits.ts';
import { embeddedIdentity } from './embedded-identity.ts';
import { embeddedQuotas } from './embedded-quotas.ts';
import { embeddedSettings } from './embedded-settings.ts';
import { type Engine, withReserve, write } from './engine.ts';
import { embeddedEntries } from './entries/embedded-entries.ts';
import { Patrol } from './entries/patrol.ts';
import { reconcile, reconcileTouched } from './entries/reconcile.ts';
import { keepEntries } from './entries/retain-entries.ts';
import { ALL_BUCKETS, Touched } from './entries/touched.ts';
import { Turns } from './entries/turns.ts';
import { type Disk, nodeDisk, storageError, watchedDisk } from './files/disk.ts';
import { type FolderLock, lockFolder, nameHolder } from './folder/folder-lock.ts';
import { checkLayout, type FolderPaths, folderPaths, prepareFolder, programToUse } from './folder/layout.ts';
import { Reserve } from './folder/reserve.ts';
import { BucketNames } from './named-bucket.ts';
import { embeddedQueries } from './queries/embedded-queries.ts';
import { Revisions } from './revisions.ts';
import { Database } from './sqlite/database.ts';
import { faultOf } from './sqlite/fault.ts';
import { databaseFaults } from './sqlite/integrity.ts';
import { Overlay } from './sqlite/overlay.ts';
import { salvageDatabase } from './sqlite/salvage.ts';
import { SCHEMA_VERSION, schemaVersion } from './sqlite/schema.ts';
import type { HitParcel } from './writer/journal/hit-parcel.ts';
import { HitQueue } from './writer/journal/hit-queue.ts';
import { type StartedWriter, startWriter, type Writer, WriterStartError } from './writer/writer.ts';

/** How a folder is opened. */
export interface EmbeddedStoreOptions extends IdSource {
  /** Made when it is not there; an existing one must be empty or a store. */
  readonly dir: string;
  /**
   * Queries and reads only, beside a running server or without one. Takes no lock, makes nothing, puts nothing right;
   * throws `not-found` where there is no store. Default: false.
   */
  readonly readOnly?: boolean;
  /** Who opens it, as in `fr-admin 1.2.0`: named to an older program that cannot open the folder any more. */
  readonly program?: string;
  /** Reads all of the database first and saves what can be saved when it is damaged; for repairs. Default: false. */
  readonly checkDatabase?: boolean;
  /** Told, in one line each, what a person should know: damage set aside, writing stopped. Default: a process warning. */
  readonly notice?: (line: string) => void;
  /**
   * Limits that hold while the store is open: looked at after arrivals, and at everything a second after the start and
   * then every hour. Default: nothing goes but by `entries.drop` and `entries.retain`.
   */
  readonly retention?: RetentionLimits;
  /**
   * Bytes of disk that are kept for counting: when the disk is full, entries are refused as `storage-full` and hits go
   * on in this room. Less where not much is free. Default: none.
   */
  readonly reserveBytes?: number;
  /** File operations durability hangs on; replaced by tests of faults. */
  readonly disk?: Disk;
}

/** Room for the upper pages of every table and index of a million buckets: a question reads one page a row, not four. */
const READ_CACHE_KIB = 24 * 1024;

const engines = new WeakMap<Store, Engine>();

/** What is behind an open embedded store; for verify. */
export function engineOf(store: Store): Engine | undefined {
  return engines.get(store);
}

/** Opens a folder as a store. Throws `in-use`, `foreign`, `newer`, `not-found`, `storage-full` or `storage-failed`. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const paths = folderPaths(resolve(options.dir));
  const notice = options.notice ?? ((line: string) => process.emitWarning(line, 'StoreWarning'));
  try {
    if (options.readOnly === true) return openForReading(paths, options, notice);
    return await openForWriting(paths, options, notice);
  } catch (cause) {
    throw openingError(cause);
  }
}

/** A disk that fails is an answer; what else is thrown is a fault of ours. */
function openingError(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof StoreError) return cause;
  if ('syscall' in cause) return storageError(cause);
  if (!('errcode' in cause)) return cause;
  const fault = faultOf(cause);
  return new StoreError(fault.code, fault.message, { cause });
}

function openForReading(
  paths: FolderPaths,
  options: EmbeddedStoreOptions,
  notice: (line: string) => void,
): Store {
  checkLayout(paths);
  const condition = new Condition(notice, 'the store was opened for reading');
  const engine = makeEngine(paths, options, condition, notice);
  return assemble(engine, async () => engine.reads.close());
}

async function openForWriting(
  paths: FolderPaths,
  options: EmbeddedStoreOptions,
  notice: (line: string) => void,
): Promise<Store> {
  prepareFolder(paths);
  const lock = lockFolder(paths);
  let writer: Writer | undefined;
  try {
    const condition = new Condition(notice);
    const started = await startOrSalvage(paths, options, condition, notice);
    writer = started.writer;
    nameHolder(paths, options.program);
    const { reserveBytes } = options;
    const reserve = reserveBytes ? await Reserve.at(paths.reserve, reserveBytes, notice) : undefined;
    const engine = makeEngine(paths, options, condition, notice, { ...started, reserve });
    if (started.rebuilding) await rebuild(engine);
    else await reconcileTouched(engine);
    const patrol = started.rebuilding ? undefined : new Patrol(engine);
    return assemble(engine, () => closeAll(engine, lock, patrol), options.retention);
  } catch (cause) {
    await writer?.close();
    lock.release();
    throw cause;
  }
}

/** The index was lost: it is made anew from the files, every one of which is read. */
async function rebuild(engine: Engine): Promise<void> {
  await reconcile(engine, { rebuilding: true, live: false });
  await write(engine, 'rederive', {});
  await write(engine, 'touch', { add: [], remove: [ALL_BUCKETS] });
}

async function closeAll(engine: Engine, lock: FolderLock, patrol: Patrol | undefined): Promise<void> {
  await patrol?.stop();
  await engine.turns.rest();
  await engine.hitQueue?.rest();
  await engine.touched?.rest();
  engine.reads.close();
  await engine.writer?.close();
  lock.release();
}

async function startOrSalvage(
  paths: FolderPaths,
  options: EmbeddedStoreOptions,
  condition: Condition,
  notice: (line: string) => void,
): Promise<StartedWriter & { readonly rebuilding: boolean }> {
  const now = Math.max(1, Math.trunc((options.now ?? Date.now)()));
  const origin = { id: uuidv7(options), epoch: now };
  const setup = { path: paths.database, aside: paths.aside, acknowledged: paths.acknowledged, origin };
  const start = async () => {
    const started = await startWriter(setup, condition);
    for (const line of started.notices) notice(line);
    return started;
  };
  const salvage = async () => {
    const rows = salvageDatabase(paths, origin, now);
    notice(
      `store.sqlite was damaged and lies in ${paths.aside} now; ${rows} rows were saved, counts may be too low, and a new epoch was opened`,
    );
    return { ...(await start()), rebuilding: true };
  };
  if (options.checkDatabase === true && !isSound(paths)) return salvage();
  try {
    const started = await start();
    return { ...started, rebuilding: started.created || started.hasLost };
  } catch (cause) {
    if (!(cause instanceof WriterStartError)) throw cause;
    if (cause.corrupt) return salvage();
    if (cause.code !== 'newer') throw cause;
    throw new StoreError('newer', `${cause.message.split(';')[0]}; use ${programToUse(paths)}`, { cause });
  }
}

function isSound(paths: FolderPaths): boolean {
  let db: Database | undefined;
  try {
    db = new Database(paths.database);
    return databaseFaults(db).length === 0;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

function makeEngine(
  paths: FolderPaths,
  options: EmbeddedStoreOptions,
  condition: Condition,
  notice: (line: string) => void,
  started?: StartedWriter & { readonly reserve: Reserve | undefined },
): Engine {
  const names = new BucketNames();
  const reads = openReads(paths);
  const disk = watchedDisk(options.disk ?? nodeDisk, condition);
  const touched = new Touched((notes, how) => write(engine, 'touch', notes, how), disk, paths.entries);
  const engine: Engine = {
    paths,
    condition,
    notice,
    writer: started?.writer,
    fence: started?.fence,
    disk,
    touched: started && touched,
    names,
    hitQueue: started && new HitQueue((parcel) => sendParcel(started, condition, parcel), names),
    reserve: started?.reserve,
    revisions: new Revisions(),
    turns: new Turns(),
    now: options.now ?? Date.now,
    reconciled: { tmpRemoved: 0, dropsFinished: 0, marksFinished: 0, indexed: 0, setAside: 0, missing: 0 },
    reads,
    overlay: new Overlay(reads),
  };
  return engine;
}

async function sendParcel(
  { writer, reserve }: { readonly writer: Writer; readonly reserve: Reserve | undefined },
  condition: Condition,
  parcel: HitParcel,
): Promise<Uint8Array> {
  condition.checkWriting();
  // The journal's row, and about as much again for what it becomes.
  return withReserve(reserve, () => writer.write('record', parcel, 4 * parcel.bytes.byteLength));
}

function openReads(paths: FolderPaths): Database {
  try {
    const db = new Database(paths.database, { readOnly: true });
    const version = schemaVersion(db);
    if (version === SCHEMA_VERSION) {
      db.exec(`PRAGMA cache_size = -${READ_CACHE_KIB}`);
      return db;
    }
    db.close();
    throw version < SCHEMA_VERSION
      ? new StoreError('not-found', `the store in ${paths.dir} has not been served by this version of fr yet`)
      : new StoreError(
          'newer',
          `store.sqlite in ${paths.dir} has version ${version}, this program knows ${SCHEMA_VERSION}; use ${programToUse(paths)}`,
        );
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const fault = faultOf(cause);
    throw new StoreError(fault.code, fault.message, { cause });
  }
}

function assemble(engine: Engine, release: () => Promise<void>, retention?: RetentionLimits): Store {
  const { condition } = engine;
  const keeper = retention && keepEntries(engine, retention);
  const store: Store = {
    identity: embeddedIdentity(engine),
    hits: embeddedHits(engine),
    entries: embeddedEntries(engine, keeper),
    demands: embeddedDemands(engine),
    quotas: embeddedQuotas(engine),
    queries: embeddedQueries(engine),
    settings: embeddedSettings(engine),
    revision: (bucketId) => engine.revisions.of(bucketId),
    close: async () => {
      if (!condition.close()) return;
      await keeper?.stop();
      await release();
    },
  };
  engines.set(store, engine);
  return store;
}
