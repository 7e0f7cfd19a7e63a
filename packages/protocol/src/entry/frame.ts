/**
 * How an entry lies on disk and travels, the same at every hop:
 *
 *     fr-entry 1\n
 *     {"entryId":…,"parts":[{"type":"stack","bytes":123,…}]}\n      the header
 *     <123 bytes>\n                                                 each part, in the header's order
 *     sha256:<64 hex digits>\n                                      over everything before this line
 *     {"receipt":…}\n                                               trailer: on disk only, unhashed, may grow
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { ENTRY_FORMAT } from '../version.ts';
import type { EntryHeader, EntryPart } from './entry.ts';

const MAGIC = `fr-entry ${ENTRY_FORMAT}\n`;
const NEWLINE = new Uint8Array([10]);

/** A part together with its bytes. */
export interface PartContent {
  readonly part: EntryPart;
  readonly content: AsyncIterable<Uint8Array> | Uint8Array;
}

/** Describes bytes as a part: counts and hashes them. */
export function describePart(type: string, contentType: string, content: Uint8Array): EntryPart {
  return {
    type,
    contentType,
    bytes: content.byteLength,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

/** The frame's first two lines. */
export function printEntryHead(header: EntryHeader): Uint8Array {
  return new TextEncoder().encode(`${MAGIC}${JSON.stringify(header)}\n`);
}

/** Bytes of an entry's frame, split as the ledger counts them: payload is the parts, header all the rest. */
export function frameSize(header: EntryHeader): {
  readonly headerBytes: number;
  readonly payloadBytes: number;
} {
  const payloadBytes = header.parts.reduce((sum, part) => sum + part.bytes, 0);
  const hashLine = 'sha256:'.length + 64 + 1;
  return { headerBytes: printEntryHead(header).byteLength + header.parts.length + hashLine, payloadBytes };
}

/** Streams a frame. The header must announce exactly the parts given, in their order. */
export async function* writeFrame(
  header: EntryHeader,
  contents: Iterable<PartContent> | AsyncIterable<PartContent>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const head = printEntryHead(header);
  hash.update(head);
  yield head;
  for await (const { content } of contents) {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hash.update(chunk);
      yield chunk;
    }
    hash.update(NEWLINE);
    yield NEWLINE;
  }
  yield new TextEncoder().encode(`sha256:${hash.digest('hex')}\n`);
}

/** A small frame in one piece, for parts that are in memory anyway. */
export async function printFrame(header: EntryHeader, contents: Iterable<PartContent>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeFrame(header, contents)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
