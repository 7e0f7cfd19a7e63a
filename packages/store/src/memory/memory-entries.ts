import { bucketId } from '@fr/bucket';
import type { Receipt } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import { brokenFrameReason, type Landing, receiveFrame, type WholeFrame } from '../arrival.ts';
import type { AddResult, Credit, DropReason, Entries, EntryContent, EntryGate } from '../contract/entries.ts';
import type { RetentionLimits, RetentionReport } from '../contract/retention.ts';
import { StoreError } from '../contract/store-error.ts';
import { judge } from '../retention/judge.ts';
import type { Keeper } from '../retention/keeper.ts';
import type { HeldEntry, MemoryState } from './memory-state.ts';

/** A frame's bytes on their way in. */
class MemoryLanding implements Landing {
  readonly #chunks: Uint8Array[] = [];

  async write(chunk: Uint8Array): Promise<void> {
    // Not slice(): on a Buffer that is a view of memory the sender may use again.
    this.#chunks.push(Uint8Array.from(chunk));
  }

  async discard(): Promise<void> {
    this.#chunks.length = 0;
  }

  frame(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}

/** Entries as frames in a map. `keeper`: hears of every entry that is stored. */
export function memoryEntries(state: MemoryState, keeper: Keeper | undefined): Entries {
  return {
    add: async (frame, gate, receivedAt) => {
      const added = await addFrame(state, frame, gate, receivedAt);
      if (added.result === 'stored') keeper?.arrived(bucketId(added.entry.header.bucket), added.entry.bytes);
      return added;
    },
    pending: async function* () {
      state.checkOpen();
      const waiting = [...state.entries.values()].sort((a, b) => a.entry.storedAt - b.entry.storedAt);
      for (const { entry } of waiting) {
        const still = state.entries.get(entry.header.entryId);
        if (still?.entry.state === 'pending') yield still.entry;
      }
    },
    read: async (entryId) => {
      state.checkOpen();
      const held = find(state, entryId);
      return held && openContent(held);
    },
    mark: async (entryId, receipt) => {
      state.checkOpen();
      markEntry(state, entryId, receipt);
    },
    drop: async (entryId, reason) => {
      state.checkOpen();
      return dropEntry(state, entryId, reason);
    },
    retain: async (limits, now) => {
      state.checkOpen();
      return retainEntries(state, limits, now);
    },
  };
}

export function retainEntries(state: MemoryState, limits: RetentionLimits, now: number): RetentionReport {
  const entries = [...state.entries.values()].map(({ entry }) => entry);
  const report = judge(entries, [...state.demands.values()], limits, now);
  for (const { entryId, reason } of report.removed) dropEntry(state, entryId, reason);
  return report;
}

function find(state: MemoryState, entryId: string): HeldEntry | undefined {
  const id = normaliseId(entryId);
  return id === undefined ? undefined : state.entries.get(id);
}

async function addFrame(
  state: MemoryState,
  frame: AsyncIterable<Uint8Array>,
  gate: EntryGate,
  receivedAt: number,
): Promise<AddResult> {
  state.checkOpen();
  const result = await arrive(state, frame, gate, receivedAt);
  state.count('entries', 'received');
  state.count('entries', result.result, result.result === 'refused' ? result.reason : '');
  return result;
}

async function arrive(
  state: MemoryState,
  frame: AsyncIterable<Uint8Array>,
  gate: EntryGate,
  receivedAt: number,
): Promise<AddResult> {
  try {
    const arrival = await receiveFrame(frame, {
      held: (entryId) => state.entries.get(entryId)?.entry,
      gate,
      land: async () => new MemoryLanding(),
    });
    if (arrival.arrival === 'duplicate') return { result: 'duplicate', entry: arrival.entry };
    if (arrival.arrival === 'refused') return { result: 'refused', reason: arrival.reason };
    state.checkOpen();
    return store(state, arrival, receivedAt);
  } catch (cause) {
    state.count('entries', 'received');
    state.count('entries', 'refused', brokenFrameReason(cause));
    throw cause;
  }
}

function store(state: MemoryState, whole: WholeFrame<MemoryLanding>, receivedAt: number): AddResult {
  const { header, digest, bytes, headBytes } = whole;
  const held = state.entries.get(header.entryId);
  if (held) return { result: 'duplicate', entry: held.entry };
  if (!takeCredits(state, whole.credits)) return { result: 'refused', reason: 'not-needed' };
  const entry = { header, state: 'pending', receipts: [], digest, bytes, storedAt: receivedAt } as const;
  const known = state.know(header.bucket, receivedAt);
  const frame = whole.landing.frame();
  state.entries.set(header.entryId, { entry, bucketId: known.bucketId, headBytes, frame });
  state.touch(known);
  state.revision += 1;
  return { result: 'stored', entry };
}

/** Takes every credit that is left; false when there are credits and none was left. */
function takeCredits(state: MemoryState, credits: readonly Credit[]): boolean {
  let taken = 0;
  for (const { demandId, scope, type, limit } of credits) {
    const key = JSON.stringify([demandId, scope, type]);
    const accepted = state.credits.get(key) ?? 0;
    if (accepted >= limit) continue;
    state.credits.set(key, accepted + 1);
    taken += 1;
  }
  return credits.length === 0 || taken > 0;
}

function openContent(held: HeldEntry): EntryContent {
  const { entry, frame, headBytes } = held;
  return {
    entry,
    parts: async function* (types) {
      let at = headBytes;
      for (const part of entry.header.parts) {
        const content = frame.subarray(at, at + part.bytes);
        at += part.bytes + 1;
        if (types === undefined || types.includes(part.type)) yield { part, content };
      }
    },
  };
}

function markEntry(state: MemoryState, entryId: string, receipt: Receipt): void {
  const held = find(state, entryId);
  if (!held) throw new StoreError('not-found', `there is no entry ${entryId}`);
  state.revision += 1;
  const { receipts } = held.entry;
  const known = receipts.some((one) => JSON.stringify(one) === JSON.stringify(receipt));
  const entry = {
    ...held.entry,
    state: 'uploaded' as const,
    receipts: known ? receipts : [...receipts, receipt],
  };
  state.entries.set(held.entry.header.entryId, { ...held, entry });
  if (!known) touchBucketOf(state, held);
}

function dropEntry(state: MemoryState, entryId: string, reason: DropReason): boolean {
  const held = find(state, entryId);
  if (!held) return false;
  state.revision += 1;
  state.entries.delete(held.entry.header.entryId);
  state.count('entries', 'dropped', reason);
  touchBucketOf(state, held);
  return true;
}

function touchBucketOf(state: MemoryState, held: HeldEntry): void {
  const known = state.buckets.get(bucketId(held.entry.header.bucket));
  if (known) state.touch(known);
}
