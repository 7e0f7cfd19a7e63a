/** Adds and reads back one entry with a part of so many MiB, in 64 KiB chunks; prints its greatest memory in MiB. */
import { createHash } from 'node:crypto';
import type { EntryHeader } from '@fr/protocol';
import { writeFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore } from '@fr/store/embedded';
import { AT, admit, bucketNamed } from './material.ts';

const [dir = '', size = '1'] = process.argv.slice(2);
const chunks = Number(size) * 16;

function* content(): Generator<Uint8Array> {
  for (let n = 0; n < chunks; n++) yield Buffer.alloc(64 * 1024, n % 251);
}

async function* streamed(): AsyncGenerator<Uint8Array> {
  yield* content();
}

const hash = createHash('sha256');
for (const chunk of content()) hash.update(chunk);
const part = {
  type: 'heap-snapshot',
  contentType: 'application/json',
  bytes: chunks * 64 * 1024,
  sha256: hash.digest('hex'),
};
const header: EntryHeader = {
  entryId: uuidv7(),
  reportId: uuidv7(),
  bucket: bucketNamed('big'),
  outcome: 'fatal',
  at: AT,
  demands: [],
  parts: [part],
};
const store = await openEmbeddedStore({ dir });
await store.entries.add(writeFrame(header, [{ part, content: streamed() }]), admit, AT);
let bytes = 0;
for await (const read of (await store.entries.read(header.entryId))?.parts() ?? [])
  for await (const chunk of read.content as AsyncIterable<Uint8Array>) bytes += chunk.byteLength;
await store.close();
process.stdout.write(
  `${JSON.stringify({ bytes, maxMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
);
