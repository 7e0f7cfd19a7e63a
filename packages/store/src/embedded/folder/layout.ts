/**
 * What a store's folder looks like, and who may open it:
 *
 *     layout.json                      which format, which version: the first file written, never changed in place
 *     lock.sqlite                      an exclusive lock held while a server has the folder; the kernel frees it
 *     holder.json                      who holds it, for people
 *     store.sqlite (-wal, -shm)        counts, ids, demands, index
 *     entries/<bucketId>/bucket.json   human names of the bucket
 *     entries/<bucketId>/<entryId>.<n>.tmp | .pending | .uploaded
 *     aside/                           what could not be read, kept for people
 *     acknowledged                     how much was acknowledged, to find what a damaged database has lost
 *     reserve                          room that is kept for counting when the disk is full
 *
 * @module
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StoreError } from '../../contract/store-error.ts';

/** Version of the layout; folders of a higher one are refused. */
export const LAYOUT_VERSION = 1;

/** What only a backup has. */
export const MANIFEST = 'backup.json';

/** Where a restore is under way, or was broken off. */
export const RESTORING = '.restoring';

/** Paths inside a store's folder. */
export interface FolderPaths {
  readonly dir: string;
  readonly layout: string;
  readonly lock: string;
  readonly holder: string;
  readonly database: string;
  readonly entries: string;
  readonly aside: string;
  readonly acknowledged: string;
  readonly reserve: string;
}

export function folderPaths(dir: string): FolderPaths {
  return {
    dir,
    layout: join(dir, 'layout.json'),
    lock: join(dir, 'lock.sqlite'),
    holder: join(dir, 'holder.json'),
    database: join(dir, 'store.sqlite'),
    entries: join(dir, 'entries'),
    aside: join(dir, 'aside'),
    acknowledged: join(dir, 'acknowledged'),
    reserve: join(dir, 'reserve'),
  };
}

/** Throws `not-found`, `foreign` or `newer` unless the folder holds a store of this layout. */
export function checkLayout(paths: FolderPaths): void {
  const names = listFolder(paths.dir);
  if (names === undefined || !names.some((name) => name !== 'layout.json.tmp'))
    throw new StoreError('not-found', `there is no store in ${paths.dir}`);
  if (!names.includes('layout.json'))
    throw new StoreError('foreign', `${paths.dir} ${whatElse(names)}; choose an empty folder`);
  const version = layoutVersion(paths);
  if (version > LAYOUT_VERSION)
    throw new StoreError(
      'newer',
      `${paths.dir} has layout ${version}, this program knows ${LAYOUT_VERSION}; use ${programToUse(paths)}`,
    );
}

/** Which program can open a folder that this one cannot, as far as is known. */
export function programToUse(paths: FolderPaths): string {
  return `${readHolder(paths).program ?? 'the version that wrote it'} or a later one`;
}

/** Who has the folder or had it last, for people: it may have ended or been replaced. */
export function readHolder(paths: FolderPaths): { readonly pid?: number; readonly program?: string } {
  try {
    const record: unknown = JSON.parse(readFileSync(paths.holder, 'utf8'));
    if (typeof record !== 'object' || record === null) return {};
    const pid = 'pid' in record && typeof record.pid === 'number' ? { pid: record.pid } : {};
    const isName =
      'program' in record && typeof record.program === 'string' && /^[\w .-]{1,64}$/.test(record.program);
    return { ...pid, ...(isName && { program: String(record.program) }) };
  } catch {
    return {};
  }
}

function whatElse(names: readonly string[]): string {
  if (names.includes(MANIFEST)) return 'holds a backup, which `restore` makes a store of in another folder';
  if (names.includes(RESTORING)) return 'holds what a restore left that was broken off';
  return 'holds files but no store (layout.json is missing)';
}

/** Makes the folder where there is none or an empty one, then checks it. */
export function prepareFolder(paths: FolderPaths): void {
  makeFolder(paths.dir);
  const names = listFolder(paths.dir) ?? [];
  if (names.every((name) => name === 'layout.json.tmp')) {
    const layout = { format: 'fr-store', version: LAYOUT_VERSION };
    writeWhole(paths.layout, `${JSON.stringify(layout)}\n`);
    syncFolder(dirname(paths.dir));
  }
  checkLayout(paths);
  refuseNetworkDisk(paths.dir);
  makeFolder(paths.entries);
  makeFolder(paths.aside);
  makePrivateFile(paths.database);
  makePrivateFile(paths.lock);
  syncFolder(paths.dir);
}

/**
 * SQLite gives its side files the mode of the main file. An existing file is not opened: in a process that holds
 * SQLite's locks on it, closing any other descriptor would free them.
 */
export function makePrivateFile(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
}

function layoutVersion(paths: FolderPaths): number {
  const text = readLayout(paths);
  try {
    const layout: unknown = JSON.parse(text);
    if (typeof layout === 'object' && layout !== null && 'format' in layout && 'version' in layout) {
      if (layout.format === 'fr-store' && Number.isSafeInteger(layout.version)) return Number(layout.version);
    }
  } catch (cause) {
    throw new StoreError('foreign', `${paths.layout} cannot be read: this is not a store of ours`, { cause });
  }
  throw new StoreError('foreign', `${paths.layout} is not ours; choose an empty folder`);
}

/** A disk that fails says nothing about whose folder it is. */
function readLayout(paths: FolderPaths): string {
  try {
    return readFileSync(paths.layout, 'utf8');
  } catch (cause) {
    throw new StoreError('storage-failed', `${paths.layout} cannot be read: ${cause}`, { cause });
  }
}

const NETWORK_DISKS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
]);

/** Over a network two machines would each see their own half of the counts, without an error. */
function refuseNetworkDisk(dir: string): void {
  const name = NETWORK_DISKS.get(statfsSync(dir).type >>> 0);
  if (name)
    throw new StoreError(
      'storage-failed',
      `${dir} is on a network disk (${name}), where counts would split silently; use a local disk`,
    );
}

function listFolder(dir: string): readonly string[] | undefined {
  try {
    return readdirSync(dir);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new StoreError(
      'storage-failed',
      `${dir} cannot be read: ${cause instanceof Error && cause.message}`,
      {
        cause,
      },
    );
  }
}

function makeFolder(dir: string): void {
  try {
    makeWithParents(resolve(dir));
  } catch (cause) {
    throw new StoreError(
      'storage-failed',
      `${dir} cannot be made: ${cause instanceof Error && cause.message}`,
      {
        cause,
      },
    );
  }
}

/** Step by step: Node's own recursive way never returns below a folder that refuses new ones with ENOENT, as /proc does. */
function makeWithParents(dir: string): void {
  if (isFolder(dir)) return;
  makeWithParents(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
    chmodSync(dir, 0o700);
  } catch (error) {
    // Somebody else may have made it in this moment.
    if (!isFolder(dir)) throw error;
  }
}

function isFolder(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Writes a small file so that it is there whole or not at all, durable when this returns. */
export function writeWhole(path: string, text: string): void {
  const file = openSync(`${path}.tmp`, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.tmp`, path);
  syncFolder(dirname(path));
}

export function syncFolder(dir: string): void {
  const folder = openSync(dir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
