/**
 * The reporter's durable queue: failures that are not settled yet, in a folder that belongs to one user (0700).
 *
 *     failures/ID.json          waiting: raw facts, written by the dying host (written beside, fsync, rename, folder fsync)
 *     failures/ID.TYPE.part     what only the host could collect; written before ID.json, which names it
 *     failures/ID.heap-snapshot.*  a heap snapshot, which comes after the facts; see snapshot-file
 *     failures/ID.entry         made by fr-reporter: the server has the hit and asked; these very bytes go up, also on a retry
 *     receipts/ID.json          settled: what was sent, what was not and why
 *     held/BUCKET.json, .entry  settled: the newest failure of a bucket, in case the site asks for more of it; see held
 *     frozen/ID.json            set aside: unreadable, or the server calls it malformed; never tried again
 *     demands/BUCKET.json       what the site asks for at the next failure of that bucket
 *     answers/BUCKET.json       what the site tells about it
 *     site-key.json             fingerprints of servers: pinned at first use (loopback, without a key), and followed since
 *     consent.json              that a program asks what may be sent, and the answer
 *     settings.json             server and key the host was last started with, for a reporter started by hand
 *     runs/ID.json              a program that runs; see the guard's run marker
 *     reports/                  where V8 leaves a report at a fatal error
 *     drops/DAY.log, told.json  one line per counted loss, and how far the site was told of them
 *     eviction.json             what is being given up or folded because the spool is too full
 *     holder.json               the name under which this spool asks for leases, for a day
 *     retry.json                when a launched fr-reporter may ask again a server that did not take something
 *     reporter.lock             held by the one fr-reporter at work
 *
 * The host only adds failures and reads demands. Everything else is moved by the fr-reporter that holds the lock: make
 * room; note in ID.json that it is tried, from when on it never changes; send the hit; write ID.entry; send it; write the receipt; remove ID.*, the facts last. A crash between any two
 * steps repeats the step before it, with the same report id and the same entry bytes, which servers take as a duplicate.
 * A part without facts is removed after a day; a file ending in .tmp was never acknowledged to anybody.
 *
 * What is no file of ours (a link, a pipe, a folder, somebody else's) counts as not there wherever it lies, and gives way to
 * what is written there next; in the place of a failure it is set aside and counted. Only an answer to the question what may
 * be sent that cannot be read is worth a stop: it is asked again.
 * @module
 */
import { MAX_DEMAND_LIFE_MS, MAX_REPORT_AGE_MS, type Outcome } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import { fs, path } from '../builtin.ts';
import { type FailureFacts, readFacts } from './failure-facts.ts';
import {
  isMissing,
  readOwn,
  readOwnJson,
  removeAny,
  syncFolder,
  writeDurably,
} from './folder/durable-file.ts';
import { ownFolder } from './folder/own-folder.ts';

const MAX_FACTS_BYTES = 1024 * 1024;
const MAX_PART_BYTES = 64 * 1024 * 1024;
/** One part of the largest size, and small ones beside it. */
const MAX_ENTRY_BYTES = 72 * 1024 * 1024;

/**
 * Where a host stops adding: a quarter above what fr-reporter trims the spool to (see eviction), since only who holds the
 * lock can tell what was sent, and may take something away. A program that crashes in a circle must not fill a disk.
 */
const HOST_LIMITS = { failures: 1_250, bytes: 80 * 1024 * 1024 } as const;

/** A spool that was found fit for use. */
export interface Spool {
  readonly folder: string;
}

/** Something the host collected that is too large for the facts. */
export interface SpoolPart {
  readonly type: string;
  readonly content: string;
}

/** Checks, or makes, the folder. Throws where it belongs to somebody else, is open to others or is a link. */
export function openSpool(folder: string): Spool {
  ownFolder(folder);
  return { folder };
}

/** A spool that is there already, checked; nothing where there is none. */
export function existingSpool(folder: string): Spool | undefined {
  return fs.lstatSync(folder, { throwIfNoEntry: false }) ? openSpool(folder) : undefined;
}

/** A sub-folder of the spool, made (durably) where it is missing. */
export function subfolder(
  spool: Spool,
  name: 'failures' | 'receipts' | 'frozen' | 'demands' | 'drops' | 'answers' | 'held',
): string {
  const folder = path.join(spool.folder, name);
  if (fs.existsSync(folder)) {
    ownFolder(folder);
  } else {
    ownFolder(folder);
    syncFolder(spool.folder);
  }
  return folder;
}

/** Writes a failure, durably, unless the spool is full. Synchronous: its caller may be dying. */
export function writeFailure(
  spool: Spool,
  facts: FailureFacts,
  parts: readonly SpoolPart[] = [],
): 'kept' | 'full' {
  const folder = subfolder(spool, 'failures');
  if (isFull(folder)) return 'full';
  for (const { type, content } of parts) writeDurably(partFile(spool, facts.reportId, type), content);
  writeDurably(path.join(folder, `${facts.reportId}.json`), JSON.stringify(facts));
  return 'kept';
}

function isFull(folder: string): boolean {
  const names = fs.readdirSync(folder);
  if (names.filter((name) => name.endsWith('.json')).length >= HOST_LIMITS.failures) return true;
  // 1 MiB is the most one failure takes, so few files cannot be too many bytes: no look at each of them.
  return names.length * MAX_FACTS_BYTES >= HOST_LIMITS.bytes && bytesOf(folder, names) >= HOST_LIMITS.bytes;
}

function bytesOf(folder: string, names: readonly string[]): number {
  // A heap snapshot is as large as it is; there is but one. It counts so far that it is seen.
  const size = (name: string): number =>
    name.includes('.heap-snapshot.')
      ? 1
      : (fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return names.reduce((sum, name) => sum + size(name), 0);
}

/** Bytes of all that waits. */
export function spoolBytes(spool: Spool): number {
  const folder = path.join(spool.folder, 'failures');
  return fs.existsSync(folder) ? bytesOf(folder, fs.readdirSync(folder)) : 0;
}

/** Ids of the failures that wait, oldest first. */
export function waitingIds(spool: Spool): readonly string[] {
  let names: string[];
  try {
    names = fs.readdirSync(path.join(spool.folder, 'failures'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => normaliseId(id) === id)
    .sort();
}

/** The facts of a waiting failure; `unreadable` where the file is not what a host writes; nothing where it is gone. */
export function readFailure(spool: Spool, reportId: string): FailureFacts | 'unreadable' | undefined {
  const file = path.join(spool.folder, 'failures', `${reportId}.json`);
  try {
    const value = readOwnJson(file, MAX_FACTS_BYTES);
    if (value === undefined && !fs.lstatSync(file, { throwIfNoEntry: false })) return undefined;
    const facts = readFacts(value);
    return facts?.reportId === reportId ? facts : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** Writes down what became of a program after a failure, unless the site was told already that nobody knew. */
export function settleOutcome(spool: Spool, reportId: string, outcome: Outcome): void {
  const facts = readFailure(spool, reportId);
  if (typeof facts !== 'object' || facts.outcome !== 'unknown' || facts.tried === true) return;
  rewriteFailure(spool, { ...facts, outcome });
}

/** Puts other facts in the place of those that wait; only for who holds the lock. */
export function rewriteFailure(spool: Spool, facts: FailureFacts): void {
  writeDurably(path.join(spool.folder, 'failures', `${facts.reportId}.json`), JSON.stringify(facts));
}

/** Whether a failure still waits. */
export function isWaiting(spool: Spool, reportId: string): boolean {
  return fs.existsSync(path.join(spool.folder, 'failures', `${reportId}.json`));
}

/** Where a part of a failure lies. */
function partFile(spool: Spool, reportId: string, type: string): string {
  return path.join(spool.folder, 'failures', `${reportId}.${type.replace(/[^a-zA-Z0-9-]/g, '_')}.part`);
}

/** What the host left of one information type, or nothing. */
export function readPart(spool: Spool, reportId: string, type: string): Buffer | undefined {
  return readOwn(partFile(spool, reportId, type), MAX_PART_BYTES);
}

/** Bytes of a failure's facts, and of the parts beside them. */
export function sizeOf(
  spool: Spool,
  reportId: string,
): { readonly bytes: number; readonly partBytes: number } {
  const folder = path.join(spool.folder, 'failures');
  return {
    bytes: bytesOf(folder, [`${reportId}.json`]),
    partBytes: bytesOf(folder, partNames(folder, reportId)),
  };
}

/** Takes the parts of a failure away. */
export function removeParts(spool: Spool, reportId: string): void {
  const folder = path.join(spool.folder, 'failures');
  for (const name of partNames(folder, reportId)) removeAny(path.join(folder, name));
}

function partNames(folder: string, reportId: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith(`${reportId}.`) && name.endsWith('.part'));
}

function entryFile(spool: Spool, reportId: string): string {
  return path.join(spool.folder, 'failures', `${reportId}.entry`);
}

/** Keeps the bytes of an entry before its first send attempt, so that a retry repeats them. */
export function keepEntry(spool: Spool, reportId: string, frame: Uint8Array): void {
  writeDurably(entryFile(spool, reportId), frame);
}

/** The entry that was made for a failure before, if any. */
export function keptEntry(spool: Spool, reportId: string): Buffer | undefined {
  return readOwn(entryFile(spool, reportId), MAX_ENTRY_BYTES);
}

/** Takes a failure out of the spool with all that belongs to it, the facts last. Its receipt must be written before. */
export function removeFailure(spool: Spool, reportId: string): void {
  const folder = path.join(spool.folder, 'failures');
  for (const name of fs.readdirSync(folder)) {
    if (name.startsWith(`${reportId}.`) && name !== `${reportId}.json`) removeAny(path.join(folder, name));
  }
  removeAny(path.join(folder, `${reportId}.json`));
  syncFolder(folder);
}

/** Sets a failure aside for good; a person may look at it. */
export function freezeFailure(spool: Spool, reportId: string): void {
  const frozen = subfolder(spool, 'frozen');
  const aside = path.join(frozen, `${reportId}.json`);
  removeAny(aside);
  fs.renameSync(path.join(spool.folder, 'failures', `${reportId}.json`), aside);
  syncFolder(frozen);
  removeFailure(spool, reportId);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes what a killed writer left behind, and what was set aside too long ago. Called under the lock. */
export function sweep(spool: Spool, now: number): void {
  const waiting = new Set(waitingIds(spool));
  removeOlder(
    path.join(spool.folder, 'failures'),
    now - DAY_MS,
    (name) => name.endsWith('.tmp') || !waiting.has(name.slice(0, 36)),
  );
  removeOlder(
    spool.folder,
    now - DAY_MS,
    (name) => name.endsWith('.tmp') || name.startsWith('reporter.lock.'),
  );
  removeOlder(path.join(spool.folder, 'frozen'), now - MAX_REPORT_AGE_MS, () => true);
  removeOlder(path.join(spool.folder, 'held'), now - DAY_MS, (name) => name.endsWith('.tmp'));
  removeOlder(path.join(spool.folder, 'reports'), now - MAX_REPORT_AGE_MS, () => true);
  removeOlder(path.join(spool.folder, 'receipts'), now - MAX_REPORT_AGE_MS, () => true);
  removeOlder(path.join(spool.folder, 'demands'), now - MAX_DEMAND_LIFE_MS, () => true);
}

function removeOlder(folder: string, before: number, which: (name: string) => boolean): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (stat && stat.mtimeMs < before && which(name)) removeAny(file);
  }
}
