import type { Identity } from '../contract/identity.ts';
import type { MemoryState } from './memory-state.ts';

/** The origin, and the epochs that totals were counted under. */
export function memoryIdentity(state: MemoryState, now: () => number): Identity {
  return {
    epochs: async () => {
      state.checkOpen();
      return ownEpochs(state);
    },
    origin: async () => {
      state.checkOpen();
      return state.origin;
    },
    openEpoch: async () => {
      state.checkOpen();
      state.origin = { id: state.origin.id, epoch: Math.max(state.origin.epoch + 1, Math.trunc(now())) };
      return state.origin;
    },
  };
}

function ownEpochs(state: MemoryState): readonly number[] {
  const own = [...state.buckets.values()]
    .flatMap(({ totals }) => [...totals.keys()])
    .filter((key) => key.startsWith(`${state.origin.id}/`));
  return [...new Set(own)].map((key) => Number(key.slice(state.origin.id.length + 1))).sort((a, b) => a - b);
}
