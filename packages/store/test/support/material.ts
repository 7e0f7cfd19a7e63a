import type { Bucket } from '@fr/bucket';
import {
  describePart,
  type EntryHeader,
  type Hit,
  type PartContent,
  printFrame,
  type Receipt,
} from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import type { EntryGate, Store } from '@fr/store';

export const AT = 1_790_000_000_000;

export function bucketNamed(name: string): Bucket {
  return {
    program: 'shop',
    programVersion: '1',
    module: 'shop',
    moduleVersion: '1',
    location: `${name}.ts#f`,
  };
}

export function hitOn(bucket: Bucket, changes: Partial<Hit> = {}): Hit {
  return { reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: AT, ...changes };
}

export async function frameOf(
  bucket: Bucket,
  text: string,
  changes: Partial<EntryHeader> = {},
): Promise<{ readonly header: EntryHeader; readonly frame: Uint8Array }> {
  const content = new TextEncoder().encode(text);
  const part = describePart('stack', 'text/plain', content);
  const contents: readonly PartContent[] = [{ part, content }];
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket,
    outcome: 'fatal',
    at: AT,
    demands: [],
    parts: [part],
    ...changes,
  };
  return { header, frame: await printFrame(header, contents) };
}

export async function* chunksOf(frame: Uint8Array, size = 16_384): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < frame.byteLength; at += size) yield frame.subarray(at, at + size);
}

export const admit: EntryGate = async () => ({ admit: true, credits: [] });

export const RECEIPT: Receipt = {
  at: AT,
  to: 'https://vendor.example',
  demands: ['d-1'],
  types: ['stack'],
  digest: `sha256:${'0'.repeat(64)}`,
};

/** The text of an entry's one part, or nothing when there is no such entry. */
export async function textOf(store: Store, entryId: string): Promise<string | undefined> {
  const content = await store.entries.read(entryId);
  if (!content) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const part of content.parts())
    for await (const chunk of part.content instanceof Uint8Array ? [part.content] : part.content)
      chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The terms of a balance equation. */
export async function balanceOf(
  store: Store,
  of: 'hits' | 'entries',
): Promise<{ readonly received: number; readonly settled: number }> {
  let [received, settled] = [0, 0];
  for (const one of await store.queries.outcomes()) {
    if (one.of !== of || one.outcome === 'dropped') continue;
    if (one.outcome === 'received') received += one.count;
    else settled += one.count;
  }
  return { received, settled };
}

/** Numbers from 0 up to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
