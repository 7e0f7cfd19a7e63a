import type { Quotas } from '../contract/quotas.ts';
import type { MemoryState } from './memory-state.ts';

/** Quotas in a map, by source. */
export function memoryQuotas(state: MemoryState): Quotas {
  return {
    replace: async (source, bucketIds, quotas) => {
      state.checkOpen();
      state.revision += 1;
      const others = (state.quotas.get(source) ?? []).filter((quota) => !bucketIds.includes(quota.bucketId));
      state.quotas.set(source, [...others, ...quotas]);
    },
    list: async (bucketId) => {
      state.checkOpen();
      const all = [...state.quotas.values()].flat();
      return bucketId === undefined ? all : all.filter((quota) => quota.bucketId === bucketId);
    },
  };
}
