/**
 * Reading entry files back: whole with its hash checked, part by part, or only the trailer.
 * @module
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type EntryHeader, type EntryPart, readFrame } from '@fr/protocol';
import { StoreError } from '../../contract/store-error.ts';
import { parseTrailer, type Trailer } from './trailer.ts';

/** No trailer of ours comes near this; beyond it nothing is read. */
const MAX_TRAILER_BYTES = 4 * 1024 * 1024;

/** What a file holds whose frame is whole and fits its hash. */
export interface CheckedFile {
  readonly header: EntryHeader;
  readonly headBytes: number;
  readonly bytes: number;
  readonly digest: string;
  readonly fileBytes: number;
  readonly trailer: Trailer;
}

/** Reads all of an open file; throws the protocol's errors where it is not a whole entry. */
export async function checkFile(file: FileHandle): Promise<CheckedFile> {
  const chunks = file.createReadStream({ autoClose: false, start: 0 });
  let head: { readonly header: EntryHeader; readonly bytes: number } | undefined;
  for await (const piece of readFrame(chunks, { trailer: true })) {
    if (piece.kind === 'header') head = piece;
    if (piece.kind !== 'end' || !head) continue;
    const { size } = await file.stat();
    const trailer = await trailerOf(file, piece.bytes, size);
    const { header, bytes: headBytes } = head;
    return { header, headBytes, bytes: piece.bytes, digest: piece.digest, fileBytes: size, trailer };
  }
  throw new StoreError('damaged', 'this is not a whole entry');
}

/** The trailer of a file whose frame is known to have so many bytes. */
export async function readTrailer(path: string, frameBytes: number): Promise<Trailer> {
  const file = await open(path, 'r');
  try {
    return await trailerOf(file, frameBytes, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function trailerOf(file: FileHandle, from: number, size: number): Promise<Trailer> {
  const bytes = Buffer.alloc(Math.max(0, Math.min(size - from, MAX_TRAILER_BYTES)));
  const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, from);
  return parseTrailer(bytes.subarray(0, bytesRead).toString());
}

/** Streams one part and checks its hash on the way; `openFile` finds the file where it is at that moment. */
export async function* streamPart(
  openFile: () => Promise<FileHandle>,
  part: EntryPart,
  at: number,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  if (part.bytes > 0) {
    const file = await openFile();
    for await (const chunk of file.createReadStream({ start: at, end: at + part.bytes - 1 })) {
      hash.update(chunk);
      yield chunk;
    }
  }
  if (hash.digest('hex') !== part.sha256)
    throw new StoreError(
      'damaged',
      `the part "${part.type}" of a stored entry does not have its hash any more`,
    );
}
