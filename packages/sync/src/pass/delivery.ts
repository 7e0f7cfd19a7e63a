/**
 * One entry on its way: projected to the parts that go, hashed, written in the ledger, sent, receipted and marked.
 *
 *     pending ─▶ ledger ─▶ bytes ─▶ "stored" or "duplicate" ─▶ receipt and rename ─▶ outcome in the ledger
 *
 * A crash anywhere before the rename leaves it pending, with an attempt in the ledger that has no outcome: the next
 * pass sends it again, the other side says "duplicate", and it is marked then. A crash after the rename leaves an
 * attempt that counts as delivered anyway.
 * @module
 */
import { bucketId } from '@fr/bucket';
import { type EntryHeader, frameSize, printEntryHead, writeFrame } from '@fr/protocol';
import type { Decision } from '../decision/verdict.ts';
import type { UploadResult } from '../destination/destination.ts';
import { attempt, type BytesLeft, type OutcomeWords } from './attempt.ts';
import type { PursedLease } from './leasing/lease-purse.ts';
import { underLeases } from './leasing/renewal.ts';
import { leavingEntry, type NotLeaving } from './leaving-entry.ts';
import type { PassOptions } from './pass-options.ts';

/** What became of an entry that was to go, and what left. */
export interface Delivered {
  readonly result: UploadResult | NotLeaving;
  readonly bytes: BytesLeft;
}

const NO_BYTES: BytesLeft = { headerBytes: 0, payloadBytes: 0 };

/** Sends the parts a decision names, and marks the entry if the other side has it then. */
export async function deliver(
  options: PassOptions,
  whole: EntryHeader,
  decision: Decision,
  leases: readonly PursedLease[] = [],
): Promise<Delivered> {
  const { store, destination, to, now } = options;
  const { types, demands, approvedBy = [], reason } = decision;
  const leaving = await leavingEntry(options, whole, decision);
  if ('result' in leaving) return { result: leaving, bytes: NO_BYTES };
  const { header, digest, parts } = leaving;
  const size = frameSize(header);
  const counted = countBytes(writeFrame(header, parts()), header);
  const announced = {
    kind: 'entry',
    to,
    ...size,
    demands,
    buckets: [bucketId(header.bucket)],
    entryId: header.entryId,
    types,
    approvedBy,
    why: reason,
    digest,
  } as const;
  const { reply, bytes } = await attempt(options, announced, {
    send: () =>
      underLeases(options, leases, async (ends) => {
        const fences = leases.map(({ fence }) => fence);
        const reply = await destination.upload(header, size, counted.frame, { signal: ends, fences });
        return believed(reply, digest);
      }),
    settle: async (said) => {
      if (said.result !== 'stored' && said.result !== 'duplicate') return;
      await store.entries.mark(header.entryId, { at: now(), to, demands, types, digest: said.digest });
    },
    words: outcomeWords,
    handedOver: counted.handedOver,
  });
  return { result: reply, bytes };
}

/** A receipt for something else than was sent is none. */
function believed(reply: UploadResult, digest: string): UploadResult {
  if (reply.result !== 'stored' || reply.digest === digest) return reply;
  return { result: 'refused', code: 'digest-mismatch', detail: `its receipt is for ${reply.digest}` };
}

function outcomeWords(reply: UploadResult): OutcomeWords {
  if (reply.result === 'not-needed') return { outcome: 'failed', reason: 'not-needed' };
  if (reply.result === 'unleased') return { outcome: 'failed', reason: 'unleased' };
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
    const payloadBytes = Math.min(Math.max(0, taken - head), size.payloadBytes);
    return { headerBytes: taken - payloadBytes, payloadBytes };
  }
  return { frame: counting(), handedOver };
}
