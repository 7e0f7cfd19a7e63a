/**
 * A bundle as a file:
 *
 *     FILE.part ──records──▶ sealed ──fsync──▶ rename ──▶ FILE
 *
 * What a crash leaves is a `.part` without a seal, which nobody takes; the next export makes it anew.
 * @module
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, type FileHandle, link, mkdtemp, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type BundleHead,
  type BundleRecordName,
  type BundleRecords,
  type BundleSeal,
  MAX_RECORD_ITEMS,
  ProtocolError,
  printBundleEnd,
  printBundleHead,
  printRecordHead,
} from '@fr/protocol';
import {
  checkSeal,
  fingerprint,
  followSuccession,
  type SigningKey,
  sealBundle,
} from '@fr/protocol/signature';
import { readBundle } from '@fr/protocol/wire';
import { SyncError } from '../sync-error.ts';
import { refusedBundle } from './bundle-refusal.ts';

/** Takes the records of a bundle that is being written. */
export interface BundleSink {
  /** A record of exactly so many bytes. */
  record(
    name: BundleRecordName,
    bytes: number,
    content: AsyncIterable<Uint8Array> | Uint8Array,
  ): Promise<void>;
}

/** Bytes of a JSON record, as it will stand in a bundle. */
export function printRecord<K extends keyof BundleRecords>(_name: K, items: BundleRecords[K]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(items));
}

/** Writes items in as many records as it takes. */
export async function writeItems<K extends keyof BundleRecords>(
  sink: BundleSink,
  name: K,
  items: BundleRecords[K],
): Promise<void> {
  for (let from = 0; from < items.length; from += MAX_RECORD_ITEMS) {
    const content = printRecord(
      name,
      items.slice(from, from + MAX_RECORD_ITEMS) as unknown as BundleRecords[K],
    );
    await sink.record(name, content.byteLength, content);
  }
}

/** Bytes that a record takes in a bundle besides its content. */
export function recordOverhead(name: BundleRecordName, bytes: number): number {
  return printRecordHead(name, bytes).byteLength + 1;
}

/** Writes a bundle; resolves with its length when it is durable under its name. Refuses a file that is there already. */
export async function writeBundle(
  file: string,
  head: BundleHead,
  seal: { readonly key: SigningKey; readonly hash: string },
  fill: (sink: BundleSink) => Promise<void>,
): Promise<number> {
  const part = `${file}.part`;
  await rm(part, { force: true });
  const handle = await open(part, 'wx', 0o600).catch(cannotBeUsed(file));
  try {
    const bytes = await writeSealed(handle, head, seal, fill);
    // Unlike a rename it never takes the place of another file.
    await link(part, file).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
      throw new SyncError('bad-bundle', `${file} is there already; nothing was put in its place`, { cause });
    });
    await syncFolder(dirname(file));
    return bytes;
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
}

async function writeSealed(
  handle: FileHandle,
  head: BundleHead,
  { key, hash: token }: { readonly key: SigningKey; readonly hash: string },
  fill: (sink: BundleSink) => Promise<void>,
): Promise<number> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function write(chunk: Uint8Array): Promise<void> {
    hash.update(chunk);
    bytes += chunk.byteLength;
    await handle.appendFile(chunk);
  }
  await write(printBundleHead(head));
  await fill({
    async record(name, length, content) {
      await write(printRecordHead(name, length));
      const before = bytes;
      for await (const chunk of content instanceof Uint8Array ? [content] : content) await write(chunk);
      if (bytes - before !== length)
        throw new SyncError('bad-bundle', `a record has ${bytes - before} bytes, ${length} were announced`);
      await write(NEWLINE);
    },
  });
  const end = printBundleEnd(sealBundle(`sha256:${hash.digest('hex')}`, key, token));
  await handle.appendFile(end);
  await handle.sync();
  return bytes + end.byteLength;
}

const NEWLINE = new Uint8Array([10]);

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A bundle that was read to its end: whole, and sealed by whoever its head names. */
export interface WholeBundle {
  readonly head: BundleHead;
  readonly seal: BundleSeal;
}

/**
 * Reads a bundle from its first byte to its last without doing anything with it. Throws `bad-bundle` with the reason where
 * it is cut off, altered, or not what it says.
 */
export async function readWhole(file: string): Promise<WholeBundle> {
  let head: BundleHead | undefined;
  try {
    for await (const piece of readBundle(createReadStream(file))) {
      if (piece.kind === 'head') head = piece.head;
      if (piece.kind === 'end' && head) return { head, seal: piece.seal };
    }
  } catch (cause) {
    throw asBadBundle(cause);
  }
  throw refusedBundle('malformed', 'it has no end');
}

/** Whatever was thrown while a bundle was read, as one of ours. */
export function asBadBundle(cause: unknown): unknown {
  if (!(cause instanceof ProtocolError)) return cause;
  return refusedBundle(cause.code, cause.message, cause);
}

const SEAL_WORDS = {
  'foreign-key': 'it is signed by another key than the one that is known',
  'retired-key': 'it is signed by a key that was replaced since; have it written anew',
  'bad-succession': 'its key comes with a chain that does not lead to it',
  'bad-signature': 'its signature does not fit its content',
  'foreign-token': 'whoever wrote it does not know the token of this site',
} as const;

/**
 * Throws `bad-bundle` where the seal is not that of the token and of the key that is known, or has taken its place; returns the
 * fingerprints that are known then. `known`: oldest first; without any the bundle introduces its key.
 */
export function checkWhole(
  { head, seal }: WholeBundle,
  { known, hash }: { readonly known: readonly string[]; readonly hash: string },
): readonly string[] {
  const followed = followSuccession(known.length > 0 ? known : [fingerprint(head.key)], head);
  if (typeof followed === 'string') throw notSealed(followed);
  const refusal = checkSeal(seal, { publicKey: head.key, hash });
  if (refusal) throw notSealed(refusal);
  return followed.known;
}

function notSealed(refusal: keyof typeof SEAL_WORDS): SyncError {
  return refusedBundle(refusal, SEAL_WORDS[refusal]);
}

/** Calls with a copy that nobody else can change while it is read twice; it is gone afterwards. */
export async function withOwnCopy<T>(
  file: string,
  folder: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const own = await mkdtemp(join(folder, 'bundle-'));
  try {
    const copy = join(own, 'bundle');
    await copyFile(file, copy).catch(cannotBeUsed(file));
    return await use(copy);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** What the operating system says of a file that a person has named. */
function cannotBeUsed(file: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    const why = `${file} cannot be used (${cause.code})`;
    throw new SyncError('bad-bundle', why, { cause, reason: 'unreadable' });
  };
}
