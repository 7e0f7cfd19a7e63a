/**
 * Entries on their way. A small one is kept as its frame. Of one with a file in it (always its last part) only what stands
 * before the file is kept, because the file lies beside it and does not change; the rest is made while it is sent.
 * @module
 */
import { createHash } from 'node:crypto';
import {
  decodeEntryHeader,
  describePart,
  type EntryHeader,
  type EntryPart,
  frameSize,
  printEntryHead,
  printFrame,
} from '@fr/protocol';
import { readSnapshot, snapshotOf } from '../../spool/snapshot-file.ts';
import type { Spool } from '../../spool/spool.ts';
import type { CollectedPart, Collection } from '../collection.ts';
import type { FailureReport } from '../failure-report.ts';

/** An entry as it will travel, and what its header says. */
export interface MadeEntry {
  readonly header: EntryHeader;
  /** Bytes of the whole frame. */
  readonly bytes: number;
  /** What is kept of it for a retry. */
  readonly kept: Uint8Array;
  /** The frame, from the start. */
  readonly frame: () => AsyncIterable<Uint8Array>;
}

/** Puts what was collected into one entry. */
export async function makeEntry(
  { facts, bucket }: FailureReport,
  { parts, demands, platform, recalledAt }: Collection,
  entryId: string,
): Promise<MadeEntry> {
  const inMemory = parts.flatMap(({ type, contentType, content }) =>
    content instanceof Uint8Array ? [{ part: describePart(type, contentType, content), content }] : [],
  );
  const file = parts.find(({ content }) => !(content instanceof Uint8Array));
  const header: EntryHeader = {
    entryId,
    reportId: facts.reportId,
    bucket,
    outcome: facts.outcome,
    at: facts.at,
    ...(platform === undefined ? {} : { platform }),
    ...(recalledAt === undefined ? {} : { recalledAt }),
    demands: demands.slice(0, 64),
    parts: [...inMemory.map(({ part }) => part), ...(file ? [await describeFile(file)] : [])],
  };
  if (!file || file.content instanceof Uint8Array)
    return wholeEntry(header, await printFrame(header, inMemory));
  const newline = Buffer.from('\n');
  const kept = Buffer.concat([
    printEntryHead(header),
    ...inMemory.flatMap(({ content }) => [content, newline]),
  ]);
  return entryWithFile(header, kept, file.content.file);
}

async function describeFile({ type, contentType, content }: CollectedPart): Promise<EntryPart> {
  if (content instanceof Uint8Array) return describePart(type, contentType, content);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of readSnapshot(content.file)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
  }
  return { type, contentType, bytes, sha256: hash.digest('hex') };
}

/** The entry kept from an earlier attempt; nothing where it cannot be read, or the file it needs is gone. */
export function readEntry(kept: Buffer, spool: Spool): MadeEntry | undefined {
  try {
    const start = kept.indexOf(10) + 1;
    const line = kept.subarray(start, kept.indexOf(10, start)).toString('utf8');
    const header = decodeEntryHeader(JSON.parse(line));
    if (kept.byteLength === sizeOf(header)) return wholeEntry(header, kept);
    const snapshot = snapshotOf(spool, header.reportId);
    return snapshot.is === 'there' ? entryWithFile(header, kept, snapshot.file) : undefined;
  } catch {
    return undefined;
  }
}

function sizeOf(header: EntryHeader): number {
  const { headerBytes, payloadBytes } = frameSize(header);
  return headerBytes + payloadBytes;
}

function wholeEntry(header: EntryHeader, frame: Uint8Array): MadeEntry {
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield frame;
  }
  return { header, bytes: frame.byteLength, kept: frame, frame: whole };
}

function entryWithFile(header: EntryHeader, kept: Uint8Array, file: string): MadeEntry {
  async function* frame(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256').update(kept);
    yield kept;
    for await (const chunk of readSnapshot(file)) {
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
    yield Buffer.from(`\nsha256:${hash.update('\n').digest('hex')}\n`);
  }
  return { header, bytes: sizeOf(header), kept, frame };
}
