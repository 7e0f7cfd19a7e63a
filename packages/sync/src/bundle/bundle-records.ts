import { createReadStream } from 'node:fs';
import {
  type BundleRecordName,
  type BundleRecords,
  decodeBundleRecord,
  MAX_MESSAGE_BYTES,
} from '@fr/protocol';
import { decodeMessage, readBundle } from '@fr/protocol/wire';
import { asBadBundle } from './bundle-file.ts';

/** What to do with each kind of record; those that are not named are passed over. */
export type RecordTakers = {
  readonly [K in keyof BundleRecords]?: (items: BundleRecords[K]) => Promise<void> | void;
} & {
  readonly entry?: (frame: AsyncIterable<Uint8Array>) => Promise<void>;
};

/** Walks the records of a bundle that was checked before. */
export async function takeRecords(file: string, takers: RecordTakers): Promise<void> {
  try {
    for await (const piece of readBundle(createReadStream(file))) {
      if (piece.kind !== 'record') continue;
      if (piece.name === 'entry') await takers.entry?.(piece.content);
      else await takeItems(piece.name, await readAll(piece.content), takers);
    }
  } catch (cause) {
    throw asBadBundle(cause);
  }
}

/** Whether every record is what its name says; nothing is done with them. */
export async function checkRecords(file: string): Promise<void> {
  const nothing = () => undefined;
  await takeRecords(file, {
    totals: nothing,
    demands: nothing,
    quotas: nothing,
    receipts: nothing,
    answers: nothing,
  });
}

async function takeItems(
  name: Exclude<BundleRecordName, 'entry'>,
  content: Uint8Array,
  takers: RecordTakers,
): Promise<void> {
  const take = takers[name] as ((items: BundleRecords[typeof name]) => Promise<void> | void) | undefined;
  if (take) await take(decodeBundleRecord(name, decodeMessage(content, 'json')));
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    length += chunk.byteLength;
    if (length > MAX_MESSAGE_BYTES) throw new RangeError('a record is longer than a message may be');
    chunks.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(chunks);
}
