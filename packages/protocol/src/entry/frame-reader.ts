/**
 * Reads an entry's frame from a stream of chunks, in bounded memory, believing nothing it announces until it has
 * seen it. States: magic → header → part 0 … part n → hash → trailer. Any deviation is a {@link ProtocolError}; a
 * frame that ends early is `malformed`, one whose hash does not fit is `digest-mismatch`.
 * @module
 */
import { createHash, type Hash } from 'node:crypto';
import { decodeEntryHeader } from '../decode/entry.ts';
import { MAX_ENTRY_HEADER_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { ENTRY_FORMAT } from '../version.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { EntryHeader, EntryPart } from './entry.ts';

/** What a frame is made of, in order. `bytes` chunks are views into the input and must be used before the next step. */
export type FramePiece =
  | { readonly kind: 'header'; readonly header: EntryHeader; readonly bytes: number }
  | { readonly kind: 'bytes'; readonly part: EntryPart; readonly chunk: Uint8Array }
  | { readonly kind: 'end'; readonly digest: string; readonly bytes: number };

/**
 * Walks a frame. With `trailer: true` whatever follows the hash line is left unread (entries on disk); otherwise
 * trailing bytes are an error (entries on the wire).
 */
export async function* readFrame(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly trailer?: boolean } = {},
): AsyncGenerator<FramePiece> {
  const reader = new ChunkReader(chunks);
  const hash = createHash('sha256');
  try {
    const header = await readHead(reader, hash);
    yield { kind: 'header', header, bytes: reader.consumed };
    for (const part of header.parts) yield* readPart(reader, hash, part);
    const digest = `sha256:${hash.digest('hex')}`;
    const stated = Buffer.from(await reader.line(128, 'hash line')).toString('latin1');
    if (stated !== `${digest}\n`)
      throw new ProtocolError('digest-mismatch', 'the entry does not have the hash it states');
    if (options.trailer !== true && (await reader.some(1))) {
      throw new ProtocolError('malformed', 'there are bytes behind the end of the entry');
    }
    yield { kind: 'end', digest, bytes: reader.consumed };
  } finally {
    await reader.close();
  }
}

async function readHead(reader: ChunkReader, hash: Hash): Promise<EntryHeader> {
  const magic = await reader.line(64, 'first line');
  hash.update(magic);
  const [name, version] = Buffer.from(magic).toString('latin1').trimEnd().split(' ');
  if (name !== 'fr-entry')
    throw new ProtocolError('malformed', 'this is not an entry: its first line is not "fr-entry"');
  if (version !== String(ENTRY_FORMAT)) {
    throw new ProtocolError(
      'unsupported-version',
      `entry format ${version} is newer than ${ENTRY_FORMAT}; update this program`,
    );
  }
  const line = await reader.line(MAX_ENTRY_HEADER_BYTES, 'header');
  hash.update(line);
  return decodeEntryHeader(parseJson(line));
}

async function* readPart(reader: ChunkReader, hash: Hash, part: EntryPart): AsyncGenerator<FramePiece> {
  const own = createHash('sha256');
  let left = part.bytes;
  while (left > 0) {
    const chunk = await reader.some(left);
    if (!chunk) throw new ProtocolError('malformed', `the entry ends inside its part "${part.type}"`);
    left -= chunk.byteLength;
    hash.update(chunk);
    own.update(chunk);
    yield { kind: 'bytes', part, chunk };
  }
  if (own.digest('hex') !== part.sha256)
    throw new ProtocolError('digest-mismatch', `the part "${part.type}" does not have the hash it states`);
  const end = await reader.some(1);
  if (end?.[0] !== 10)
    throw new ProtocolError('malformed', `the part "${part.type}" is longer than announced`);
  hash.update(end);
}

function parseJson(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch (cause) {
    throw new ProtocolError('malformed', 'the header is not JSON', { cause });
  }
}
