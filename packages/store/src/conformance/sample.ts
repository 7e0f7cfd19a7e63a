import { strict as assert } from 'node:assert';
import type { Bucket } from '@fr/bucket';
import {
  describePart,
  type EntryHeader,
  type Hit,
  type PartContent,
  printFrame,
  type Receipt,
  type SignedDemand,
} from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import type { AddResult, Credit, EntryGate } from '../contract/entries.ts';
import type { Store } from '../contract/store.ts';

/** The moment at which everything in these tests is received, in milliseconds since 1970. */
export const AT = 1_790_000_000_000;

export function sampleBucket(name: string, changes: Partial<Bucket> = {}): Bucket {
  return {
    program: 'shop',
    programVersion: '1.0.0',
    module: 'shop',
    moduleVersion: '1.0.0',
    location: `src/${name}.ts#${name}~1:TypeError`,
    ...changes,
  };
}

export function sampleHit(bucket: Bucket, changes: Partial<Hit> = {}): Hit {
  return { reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: AT - 5_000, ...changes };
}

/** A frame with one part per name in `parts`. */
export async function sampleFrame(
  bucket: Bucket,
  parts: Readonly<Record<string, string>> = { stack: 'at main' },
  changes: Partial<EntryHeader> = {},
): Promise<{ readonly header: EntryHeader; readonly frame: Uint8Array }> {
  const contents = Object.entries(parts).map(([type, text]): PartContent => {
    const content = new TextEncoder().encode(text);
    return { part: describePart(type, 'text/plain', content), content };
  });
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket,
    outcome: 'fatal',
    at: AT - 5_000,
    demands: [],
    parts: contents.map(({ part }) => part),
    ...changes,
  };
  return { header, frame: await printFrame(header, contents) };
}

/** The bytes as a network would bring them. */
export async function* inChunks(frame: Uint8Array, size = 50): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < frame.byteLength; at += size) yield frame.slice(at, at + size);
}

export const admitAll: EntryGate = async () => ({ admit: true, credits: [] });

export function admitFor(...credits: readonly Credit[]): EntryGate {
  return async () => ({ admit: true, credits });
}

/** Adds a frame that is expected to be stored or held already; returns the entry. */
export async function addSample(
  store: Store,
  bucket: Bucket,
  parts?: Readonly<Record<string, string>>,
  at: number = AT,
): Promise<Extract<AddResult, { readonly entry: unknown }>['entry']> {
  const { frame } = await sampleFrame(bucket, parts);
  const added = await store.entries.add(inChunks(frame), admitAll, at);
  assert.equal(added.result, 'stored');
  assert.ok('entry' in added);
  return added.entry;
}

export function sampleReceipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    at: AT + 1_000,
    to: 'https://vendor.example',
    demands: ['d-1'],
    types: ['stack'],
    digest: `sha256:${'0'.repeat(64)}`,
    ...changes,
  };
}

export function sampleDemand(id: string, version = 1): SignedDemand {
  return {
    terms: {
      id,
      keyId: 'a'.repeat(26),
      version,
      pattern: { program: 'shop' },
      types: [{ type: 'stack', count: 1 }],
      each: 'bucket',
      until: AT + 1_000_000,
      reason: 'to see where it fails',
      author: 'ann',
    },
    signature: 'A'.repeat(86),
  };
}

/** How many had this outcome, whatever the reason unless one is given. */
export async function outcomeCount(
  store: Store,
  of: 'hits' | 'entries',
  outcome: string,
  reason?: string,
): Promise<number> {
  const all = await store.queries.outcomes();
  return all
    .filter((one) => one.of === of && one.outcome === outcome)
    .filter((one) => reason === undefined || one.reason === reason)
    .reduce((sum, one) => sum + one.count, 0);
}

/** Asserts the balance equation: what was received is what was kept, known already or refused. */
export async function assertBalance(store: Store, of: 'hits' | 'entries', received: number): Promise<void> {
  const kept = await outcomeCount(store, of, of === 'hits' ? 'counted' : 'stored');
  const duplicate = await outcomeCount(store, of, 'duplicate');
  const refused = await outcomeCount(store, of, 'refused');
  assert.equal(await outcomeCount(store, of, 'received'), received);
  assert.equal(kept + duplicate + refused, received);
}

/** All text of an entry's parts, by type. */
export async function readParts(store: Store, entryId: string, types?: readonly string[]): Promise<object> {
  const content = await store.entries.read(entryId);
  assert.ok(content, `entry ${entryId} can be read`);
  const texts: Record<string, string> = {};
  for await (const { part, content: bytes } of content.parts(types)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) chunks.push(chunk);
    texts[part.type] = Buffer.concat(chunks).toString();
  }
  return texts;
}

export async function pendingIds(store: Store): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const entry of store.entries.pending()) ids.push(entry.header.entryId);
  return ids;
}
