/**
 * What is held of failures that are settled, in case the site asks for more: the newest of each bucket, without what lay beside
 * it, for a week. Its hit was counted, so nothing is lost when it goes.
 *
 *     held/BUCKET.json     the facts, what of them was sent, and when the site was last asked about them
 *     held/BUCKET.entry    made for a demand that came later; these very bytes go up, also on a retry
 *
 * Written and removed by the fr-reporter that holds the lock. A newer failure of the bucket takes the place of an older one.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import { fs, path } from '../builtin.ts';
import { type FailureFacts, readFacts } from './failure-facts.ts';
import { isMissing, readOwn, readOwnJson, removeAny, writeDurably } from './folder/durable-file.ts';
import { type Spool, subfolder } from './spool.ts';

/** Above these the oldest go, or it is not held at all: some 3 MiB at most, and the entry that is on its way. */
export const HELD_LIMITS: { readonly failures: number; readonly bytes: number; readonly ageMs: number } = {
  failures: 100,
  bytes: 32 * 1024,
  ageMs: 7 * 24 * 60 * 60 * 1000,
};

const MAX_ENTRY_BYTES = 512 * 1024;
const FILE = /^(b[a-z2-7]{26})\.json$/;

/** One held failure. */
export interface HeldFailure {
  readonly bucketId: string;
  /** As its hit was counted. */
  readonly bucket: Bucket;
  readonly facts: FailureFacts;
  /** Information types of it that the site has. */
  readonly sent: readonly string[];
  /** When the site last said what it wants of its bucket, milliseconds since 1970. */
  readonly askedAt: number;
}

function fileOf(spool: Spool, bucketId: string, kind: 'json' | 'entry'): string {
  return path.join(spool.folder, 'held', `${bucketId}.${kind}`);
}

/** Holds a failure, or what is new about one, unless it is too large. */
export function hold(spool: Spool, held: HeldFailure): void {
  const { breadcrumbs: _breadcrumbs, files: _files, life: _life, run: _run, ...facts } = held.facts;
  const text = JSON.stringify({ ...held, facts: { ...facts, parts: [] } });
  if (Buffer.byteLength(text) > HELD_LIMITS.bytes) return;
  subfolder(spool, 'held');
  const before = readHeld(spool, held.bucketId);
  if (before && before.facts.reportId !== facts.reportId) removeAny(fileOf(spool, held.bucketId, 'entry'));
  writeDurably(fileOf(spool, held.bucketId, 'json'), text);
}

/** What is held, oldest first. */
export function listHeld(spool: Spool): readonly HeldFailure[] {
  return namesIn(spool)
    .flatMap((name) => readHeld(spool, FILE.exec(name)?.[1] ?? '') ?? [])
    .sort((a, b) => a.facts.at - b.facts.at);
}

function readHeld(spool: Spool, bucketId: string): HeldFailure | undefined {
  if (bucketId === '') return undefined;
  const value = readOwnJson(fileOf(spool, bucketId, 'json'), 2 * HELD_LIMITS.bytes);
  const held = value as Partial<HeldFailure> | undefined | null;
  const facts = readFacts(held?.facts);
  if (!facts?.seen || held?.bucketId !== bucketId || !Number.isSafeInteger(held.askedAt)) return undefined;
  const sent = Array.isArray(held.sent) ? held.sent.filter((type) => typeof type === 'string') : [];
  return { bucketId, bucket: facts.seen, facts, sent, askedAt: held.askedAt ?? 0 };
}

/** Keeps an entry made of a held failure before its first send attempt. */
export function keepHeldEntry(spool: Spool, bucketId: string, frame: Uint8Array): void {
  writeDurably(fileOf(spool, bucketId, 'entry'), frame);
}

/** The entry that was made before and is not settled. */
export function heldEntry(spool: Spool, bucketId: string): Buffer | undefined {
  return readOwn(fileOf(spool, bucketId, 'entry'), MAX_ENTRY_BYTES);
}

/** An entry is settled. */
export function removeHeldEntry(spool: Spool, bucketId: string): void {
  removeAny(fileOf(spool, bucketId, 'entry'));
}

/** Lets go of a bucket's failure. */
export function release(spool: Spool, bucketId: string): void {
  removeHeldEntry(spool, bucketId);
  removeAny(fileOf(spool, bucketId, 'json'));
}

/** Lets go of all, as after a no. */
export function releaseAll(spool: Spool): void {
  for (const name of namesIn(spool)) removeAny(path.join(spool.folder, 'held', name));
}

/** Lets go of what is too old, too many, or cannot be read. Only for who holds the lock. */
export function sweepHeld(spool: Spool, now: number): void {
  const names = namesIn(spool);
  if (names.length === 0) return;
  const held = listHeld(spool).filter(({ facts: { at } }) => Math.abs(now - at) <= HELD_LIMITS.ageMs);
  const kept = new Set(held.slice(-HELD_LIMITS.failures).map(({ bucketId }) => bucketId));
  for (const name of names)
    if (!name.endsWith('.tmp') && !kept.has(name.replace(/\.(?:json|entry)$/, '')))
      removeAny(path.join(spool.folder, 'held', name));
}

function namesIn(spool: Spool): readonly string[] {
  const folder = path.join(spool.folder, 'held');
  try {
    // What lies behind a link is nobody's to be removed from here.
    return fs.lstatSync(folder).isDirectory() ? fs.readdirSync(folder) : [];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
