import { type IdSource, uuidv7 } from '@fr/protocol/ids';
import type { RetentionLimits } from '../contract/retention.ts';
import type { Store } from '../contract/store.ts';
import { Keeper } from '../retention/keeper.ts';
import { memoryDemands } from './memory-demands.ts';
import { memoryEntries, retainEntries } from './memory-entries.ts';
import { memoryHits } from './memory-hits.ts';
import { memoryIdentity } from './memory-identity.ts';
import { memoryQueries } from './memory-queries.ts';
import { memoryQuotas } from './memory-quotas.ts';
import { type MemoryImage, MemoryState } from './memory-state.ts';

/** How a memory store is opened. */
export interface MemoryStoreOptions extends IdSource {
  /** Limits that hold while it is open, as in the embedded driver. Default: none. */
  readonly retention?: RetentionLimits;
  /** Begins with what another memory store knew: a restart, a restored backup, a cloned disk. Default: with nothing. */
  readonly image?: MemoryImage;
}

/** A store whose disk can be copied. */
export interface MemoryStore extends Store {
  /** What it knows now; a store opened with it goes on from here, whatever becomes of this one. */
  image(): MemoryImage;
}

/** A store that forgets everything with its process; for tests of what is built on stores. Durable is a word here. */
export function openMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const now = options.now ?? Date.now;
  const state =
    options.image?.copy() ?? new MemoryState({ id: uuidv7(options), epoch: Math.max(1, Math.trunc(now())) });
  const keeper = options.retention && keepEntries(state, options.retention, now);
  return {
    identity: memoryIdentity(state, now),
    hits: memoryHits(state),
    entries: memoryEntries(state, keeper),
    demands: memoryDemands(state),
    quotas: memoryQuotas(state),
    queries: memoryQueries(state),
    settings: {
      read: async (name) => {
        state.checkOpen();
        const text = state.settings.get(name);
        return text === undefined ? undefined : JSON.parse(text);
      },
      write: async (name, value) => {
        state.checkOpen();
        state.settings.set(name, JSON.stringify(value ?? null));
      },
      delete: async (names) => {
        state.checkOpen();
        for (const name of names) state.settings.delete(name);
      },
    },
    revision: () => state.revision,
    image: () => state.image(),
    close: async () => {
      state.closed = true;
      await keeper?.stop();
    },
  };
}

function keepEntries(state: MemoryState, limits: RetentionLimits, now: () => number): Keeper {
  const look = async () => retainEntries(state, limits, now());
  return new Keeper(limits, {
    lookAtBucket: async () => (await look()).removed.reduce((sum, { bytes }) => sum + bytes, 0),
    lookAtAll: async () => (await look()).kept.bytes,
    failed: () => undefined,
  });
}
