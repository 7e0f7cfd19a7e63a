import { MAX_DEMAND_LIFE_MS, type OfferReply, type Quota, type SignedDemand } from '@fr/protocol';
import { checkDemand } from '@fr/protocol/signature';
import type { StoredDemand } from '../demand/stored-demand.ts';

/** What of a reply is believed. */
export interface AcceptedReply {
  readonly demands: readonly SignedDemand[];
  readonly quotas: readonly Quota[];
  readonly rejected: readonly { readonly demandId: string; readonly reason: string }[];
  readonly quotasLeftOut: number;
}

/** Ids that begin so belong to sites: a reporter must be able to tell who asks. */
const RESERVED_PREFIX = 'site-';

/**
 * Goes through a reply demand by demand and quota by quota, and keeps what may be believed: demands signed by the
 * pinned key, in time, not rolled back, not in another's name; quotas of those, for buckets that were offered. The
 * rest of the reply is not spoilt by a bad piece.
 */
export async function acceptReply(input: {
  readonly reply: OfferReply;
  readonly pinned: string;
  readonly to: string;
  /** All demands known so far, closed ones too. */
  readonly known: readonly StoredDemand[];
  readonly now: number;
  /** Whether a bucket has been, or may be, offered to this destination. */
  readonly isOffered: (bucketId: string) => Promise<boolean>;
}): Promise<AcceptedReply> {
  const { reply, isOffered } = input;
  const known = new Map(input.known.map((stored) => [stored.demand.terms.id, stored]));
  const demands = new Map<string, SignedDemand>();
  const rejected: { readonly demandId: string; readonly reason: string }[] = [];
  for (const demand of reply.demands) {
    const { id } = demand.terms;
    const reason = demands.has(id) ? 'listed-twice' : refusal(demand, known.get(id), input);
    if (reason) rejected.push({ demandId: id, reason });
    else demands.set(id, demand);
  }
  const offered = new Map<string, boolean>();
  const quotas: Quota[] = [];
  for (const quota of reply.quotas) {
    if (!demands.has(quota.demandId)) continue;
    const mayBe = offered.get(quota.bucketId) ?? (await isOffered(quota.bucketId));
    offered.set(quota.bucketId, mayBe);
    if (mayBe) quotas.push(quota);
  }
  return {
    demands: [...demands.values()],
    quotas,
    rejected,
    quotasLeftOut: reply.quotas.length - quotas.length,
  };
}

function refusal(
  demand: SignedDemand,
  known: StoredDemand | undefined,
  { reply, pinned, to, now }: Parameters<typeof acceptReply>[0],
): string | undefined {
  if (demand.terms.id.startsWith(RESERVED_PREFIX)) return 'reserved-id';
  if (known && known.source !== to) return 'id-of-another-source';
  return checkDemand(demand, {
    pinned,
    publicKey: reply.key,
    now,
    maxLifeMs: MAX_DEMAND_LIFE_MS,
    lastVersion: known?.demand.terms.version,
  });
}
