/**
 * One entry on its way: projected to the parts that go, hashed, written in the ledger, sent, receipted and marked.
 *
 *     pending ─▶ ledger ─▶ bytes ─▶ "stored" or "duplicate" ─▶ outcome in the ledger ─▶ receipt and rename
 *
 * A crash anywhere before the rename leaves it pending: the next pass sends it again, the other side says
 * "duplicate", and it is marked then.
 * @module
 */
import { bucketId } from '@fr/bucket';
import { type EntryHeader, frameSize, type PartContent, printEntryHead, writeFrame } from '@fr/protocol';
import type { Decision } from '../decision/decision.ts';
import type { UploadResult } from '../destination/destination.ts';
import { attempt, type BytesLeft, type OutcomeWords } from './attempt.ts';
import type { PassOptions } from './pass-options.ts';

/** What became of an entry that was to go, and what left. */
export interface Delivered {
  readonly result:
    | UploadResult
    | { readonly result: 'gone' }
    | { readonly result: 'damaged'; readonly detail: string };
  readonly bytes: BytesLeft;
}

const NO_BYTES: BytesLeft = { headerBytes: 0, payloadBytes: 0 };

/** Sends the parts a decision names, and marks the entry if the other side has it then. */
export async function deliver(
  options: PassOptions,
  whole: EntryHeader,
  { types, demands }: Decision,
): Promise<Delivered> {
  const { store, destination, to, now, signal } = options;
  const content = await store.entries.read(whole.entryId);
  if (!content || content.entry.state === 'uploaded') return { result: { result: 'gone' }, bytes: NO_BYTES };
  const header = projectHeader(whole, types, demands);
  const hashed = await frameDigest(header, content.parts(types));
  if ('detail' in hashed) return { result: { result: 'damaged', detail: hashed.detail }, bytes: NO_BYTES };
  const { digest } = hashed;
  const size = frameSize(header);
  const counted = countBytes(writeFrame(header, content.parts(types)), header);
  const announced = {
    kind: 'entry',
    to,
    ...size,
    demands,
    buckets: [bucketId(header.bucket)],
    entryId: header.entryId,
    types,
    digest,
  } as const;
  const { reply, bytes } = await attempt(options, announced, {
    send: () => destination.upload(header, size, counted.frame, { signal }),
    words: outcomeWords,
    handedOver: counted.handedOver,
  });
  if (reply.result === 'stored' || reply.result === 'duplicate') {
    await store.entries.mark(header.entryId, { at: now(), to, demands, types, digest: reply.digest });
  }
  return { result: reply, bytes };
}

/** The entry as it travels: the same id, only the parts that go, under the demands it goes under. */
export function projectHeader(
  whole: EntryHeader,
  types: readonly string[],
  demands: readonly string[],
): EntryHeader {
  return { ...whole, demands, parts: whole.parts.filter((part) => types.includes(part.type)) };
}

/**
 * Reads the parts once before anything is promised: their digest goes into the ledger before the first byte leaves,
 * and what lies damaged on the disk is found before it is announced.
 */
async function frameDigest(
  header: EntryHeader,
  parts: AsyncIterable<PartContent>,
): Promise<{ readonly digest: string } | { readonly detail: string }> {
  let last: Uint8Array = new Uint8Array();
  try {
    for await (const chunk of writeFrame(header, parts)) last = chunk;
  } catch (error) {
    return { detail: error instanceof Error ? error.message : String(error) };
  }
  // A frame's last line is the hash over all that stands before it.
  return { digest: Buffer.from(last).toString('latin1').trimEnd() };
}

function outcomeWords(reply: UploadResult): OutcomeWords {
  if (reply.result === 'not-needed') return { outcome: 'failed', reason: 'not-needed' };
  if (reply.result === 'refused') return { outcome: 'failed', reason: `refused: ${reply.code}` };
  return { outcome: 'delivered', reason: reply.result };
}

/** Counts what is taken of a frame, so that the ledger can say how much of an interrupted one may have left. */
function countBytes(
  frame: AsyncIterable<Uint8Array>,
  header: EntryHeader,
): { readonly frame: AsyncIterable<Uint8Array>; readonly handedOver: () => BytesLeft } {
  const size = frameSize(header);
  const head = printEntryHead(header).byteLength;
  let taken = 0;
  async function* counting(): AsyncGenerator<Uint8Array> {
    for await (const chunk of frame) {
      taken += chunk.byteLength;
      yield chunk;
    }
  }
  function handedOver(): BytesLeft {
    if (taken >= size.headerBytes + size.payloadBytes) return size;
    const headerBytes = Math.min(taken, head);
    return { headerBytes, payloadBytes: Math.min(taken - headerBytes, size.payloadBytes) };
  }
  return { frame: counting(), handedOver };
}
