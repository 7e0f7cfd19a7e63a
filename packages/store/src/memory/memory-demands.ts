import type { Quota, SignedDemand } from '@fr/protocol';
import type { CreditCount, Demands } from '../contract/demands.ts';
import type { MemoryState } from './memory-state.ts';

/** Demands and credits in maps. */
export function memoryDemands(state: MemoryState): Demands {
  return {
    put: async (demand) => {
      state.checkOpen();
      state.revision += 1;
      const approval = demand.approval ?? state.demands.get(demand.demand.terms.id)?.approval;
      state.demands.set(demand.demand.terms.id, approval ? { ...demand, approval } : demand);
    },
    replace: async (source, demands, quotas, at) => {
      state.checkOpen();
      state.revision += 1;
      replace(state, source, demands, quotas, at);
    },
    list: async () => {
      state.checkOpen();
      return [...state.demands.values()].sort(
        (a, b) => b.seenAt - a.seenAt || (a.demand.terms.id < b.demand.terms.id ? -1 : 1),
      );
    },
    decide: async (demandId, approval) => {
      state.checkOpen();
      const held = state.demands.get(demandId);
      state.revision += 1;
      if (held) state.demands.set(demandId, { ...held, approval });
      return held !== undefined;
    },
    credits: async (of) => {
      state.checkOpen();
      const asked = of && new Set(of.map(({ demandId, scope }) => `${demandId} ${scope}`));
      return [...state.credits]
        .map(([key, accepted]): CreditCount => {
          const [demandId, scope, type] = JSON.parse(key);
          return { demandId, scope, type, accepted };
        })
        .filter(({ demandId, scope }) => asked?.has(`${demandId} ${scope}`) ?? true);
    },
  };
}

function replace(
  state: MemoryState,
  source: string,
  demands: readonly SignedDemand[],
  quotas: readonly Quota[],
  at: number,
): void {
  const listed = new Set(demands.map(({ terms }) => terms.id));
  for (const [id, held] of state.demands) {
    if (held.source === source && held.closedAt === undefined && !listed.has(id))
      state.demands.set(id, { ...held, closedAt: at });
  }
  for (const demand of demands) {
    const held = state.demands.get(demand.terms.id);
    if (held && held.source !== source) continue;
    const seenAt = held && held.demand.terms.version === demand.terms.version ? held.seenAt : at;
    const approval = held?.approval;
    state.demands.set(demand.terms.id, { demand, source, seenAt, ...(approval && { approval }) });
  }
  state.quotas.set(source, quotas);
}
