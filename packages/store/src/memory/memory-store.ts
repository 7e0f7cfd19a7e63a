import { type IdSource, uuidv7 } from '@fr/protocol/ids';
import type { Store } from '../contract/store.ts';
import { memoryDemands } from './memory-demands.ts';
import { memoryEntries } from './memory-entries.ts';
import { memoryHits } from './memory-hits.ts';
import { memoryQueries } from './memory-queries.ts';
import { MemoryState } from './memory-state.ts';

/** A store that forgets everything with its process; for tests of what is built on stores. Durable is a word here. */
export function openMemoryStore(options: IdSource = {}): Store {
  const now = options.now ?? Date.now;
  const state = new MemoryState({ id: uuidv7(options), epoch: Math.max(1, Math.trunc(now())) });
  return {
    hits: memoryHits(state, now),
    entries: memoryEntries(state),
    demands: memoryDemands(state),
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
    },
    revision: () => state.revision,
    close: async () => {
      state.closed = true;
    },
  };
}
