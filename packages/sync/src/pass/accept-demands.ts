import { MAX_DEMAND_LIFE_MS, type SignedDemand } from '@fr/protocol';
import { checkDemand } from '@fr/protocol/signature';
import type { StoredDemand } from '../demand/stored-demand.ts';
import type { TrustedKey } from '../trust/vendor-trust.ts';

/** A demand that is not believed, and why. */
export interface RejectedDemand {
  readonly demandId: string;
  readonly reason: string;
}

/** Whose word is taken, and what was known of it. */
export interface Believing {
  readonly trusted: TrustedKey;
  readonly to: string;
  /** All demands known so far, closed ones too. */
  readonly known: readonly StoredDemand[];
  readonly now: number;
}

/** Ids that begin so belong to sites: a reporter must be able to tell who asks. */
const RESERVED_PREFIX = 'site-';

/**
 * Goes through demands one by one and keeps those that are signed by the trusted key, in time, not rolled back, and not in
 * another's name. A bad one does not spoil the rest.
 */
export function acceptDemands(
  listed: readonly SignedDemand[],
  believing: Believing,
): { readonly demands: readonly SignedDemand[]; readonly rejected: readonly RejectedDemand[] } {
  const known = new Map(believing.known.map((stored) => [stored.demand.terms.id, stored]));
  const demands = new Map<string, SignedDemand>();
  const rejected: RejectedDemand[] = [];
  for (const demand of listed) {
    const { id } = demand.terms;
    const reason = demands.has(id) ? 'listed-twice' : refusal(demand, known.get(id), believing);
    if (reason) rejected.push({ demandId: id, reason });
    else demands.set(id, demand);
  }
  return { demands: [...demands.values()], rejected };
}

function refusal(
  demand: SignedDemand,
  known: StoredDemand | undefined,
  { trusted, to, now }: Believing,
): string | undefined {
  if (demand.terms.id.startsWith(RESERVED_PREFIX)) return 'reserved-id';
  if (known && known.source !== to) return 'id-of-another-source';
  return checkDemand(demand, {
    ...trusted,
    now,
    maxLifeMs: MAX_DEMAND_LIFE_MS,
    lastVersion: known?.demand.terms.version,
  });
}
