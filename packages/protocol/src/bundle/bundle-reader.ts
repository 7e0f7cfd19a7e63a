/**
 * Reads a bundle from a stream of chunks in bounded memory, believing nothing it announces until it has seen it. Any
 * deviation is a {@link ProtocolError}. That the seal fits the bytes is checked here, that it is the right one's seal by
 * whoever knows the keys: nothing of a bundle may have an effect before it was read to its end.
 * @module
 */
import { createHash } from 'node:crypto';
import { decodeBundleHead } from '../decode/bundle.ts';
import { ChunkReader } from '../entry/chunk-reader.ts';
import { MAX_ENTRY_BYTES, MAX_ENTRY_HEADER_BYTES, MAX_MESSAGE_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { decodeMessage } from '../wire/message.ts';
import {
  BUNDLE_FORMAT,
  BUNDLE_RECORDS,
  type BundleHead,
  type BundleRecordName,
  type BundleSeal,
} from './bundle.ts';

/** What a bundle is made of, in order. A record's content must be read, or left, before the next piece is asked for. */
export type BundlePiece =
  | { readonly kind: 'head'; readonly head: BundleHead }
  | {
      readonly kind: 'record';
      readonly name: BundleRecordName;
      readonly bytes: number;
      readonly content: AsyncIterable<Uint8Array>;
    }
  | { readonly kind: 'end'; readonly seal: BundleSeal };

const MAX_HEAD_BYTES = 4 * 1024;
const END = /^end (sha256:[0-9a-f]{64}) ([A-Za-z0-9_-]{86}) ([0-9a-f]{64})\n$/;
const RECORD = /^([a-z]{1,16}) (0|[1-9][0-9]{0,11})\n$/;

/** Walks a bundle. */
export async function* readBundle(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BundlePiece> {
  const reader = new ChunkReader(chunks);
  const hash = createHash('sha256');
  try {
    const magic = await reader.line(64, 'first line');
    checkMagic(Buffer.from(magic).toString('latin1'));
    const head = await reader.line(MAX_HEAD_BYTES, 'head');
    hash.update(magic).update(head);
    yield { kind: 'head', head: decodeBundleHead(decodeMessage(head, 'json')) };
    for (;;) {
      const line = await reader.line(256, 'records');
      const text = Buffer.from(line).toString('latin1');
      const seal = sealOf(text);
      if (seal) {
        if (seal.digest !== `sha256:${hash.digest('hex')}`)
          throw new ProtocolError('digest-mismatch', 'the bundle does not have the hash it states');
        if (await reader.some(1))
          throw new ProtocolError('malformed', 'there are bytes behind the end of the bundle');
        yield { kind: 'end', seal };
        return;
      }
      hash.update(line);
      yield* readRecord(text, reader, (chunk) => hash.update(chunk));
    }
  } finally {
    await reader.close();
  }
}

function checkMagic(line: string): void {
  const [name, version] = line.trimEnd().split(' ');
  if (name !== 'fr-bundle')
    throw new ProtocolError('malformed', 'this is not a bundle: its first line is not "fr-bundle"');
  if (line === `fr-bundle ${BUNDLE_FORMAT}\n`) return;
  throw new ProtocolError(
    'unsupported-version',
    `bundle format ${version} is not ${BUNDLE_FORMAT}; update this program`,
  );
}

function sealOf(line: string): BundleSeal | undefined {
  const [, digest, signature, mac] = END.exec(line) ?? [];
  return digest && signature && mac ? { digest, signature, mac } : undefined;
}

async function* readRecord(
  line: string,
  reader: ChunkReader,
  hash: (chunk: Uint8Array) => void,
): AsyncGenerator<BundlePiece> {
  const [, word, length] = RECORD.exec(line) ?? [];
  const name = BUNDLE_RECORDS.find((known) => known === word);
  const bytes = Number(length);
  if (!name) throw new ProtocolError('malformed', 'the bundle has a record that is none');
  const most = name === 'entry' ? MAX_ENTRY_BYTES + 2 * MAX_ENTRY_HEADER_BYTES : MAX_MESSAGE_BYTES;
  if (bytes > most) throw new ProtocolError('too-large', `a record "${name}" is longer than ${most} bytes`);
  let left = bytes;
  async function* content(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const chunk = await reader.some(left);
      if (!chunk) throw new ProtocolError('malformed', `the bundle ends inside a record "${name}"`);
      left -= chunk.byteLength;
      hash(chunk);
      yield chunk;
    }
  }
  yield { kind: 'record', name, bytes, content: content() };
  // What was not wanted of it is hashed all the same.
  for await (const _rest of content());
  const end = await reader.some(1);
  if (end?.[0] !== 10) throw new ProtocolError('malformed', `a record "${name}" is longer than announced`);
  hash(end);
}
