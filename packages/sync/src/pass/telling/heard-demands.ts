import type { DemandTerms, SignedDemand } from '@fr/protocol';
import { canonicalJson } from '@fr/protocol/signature';
import type { StoredDemand } from '../../demand/stored-demand.ts';
import type { PassOptions } from '../pass-options.ts';
import type { AcceptedReply } from './accept-heard.ts';

/** Ids of the demands that ask for something else than before, or did not ask before. */
export function changedDemands(
  known: readonly StoredDemand[],
  to: string,
  demands: readonly SignedDemand[],
): readonly string[] {
  const before = new Map(
    known
      .filter(({ source, closedAt }) => source === to && closedAt === undefined)
      .map(({ demand }) => [demand.terms.id, whatIsAsked(demand.terms)]),
  );
  return demands
    .filter(({ terms }) => before.get(terms.id) !== whatIsAsked(terms))
    .map(({ terms }) => terms.id);
}

/** Until when, why and who asks changes nothing about how many are still wanted. */
function whatIsAsked(terms: DemandTerms): string {
  const {
    version: _version,
    keyId: _keyId,
    until: _until,
    reason: _reason,
    author: _author,
    ...asked
  } = terms;
  return canonicalJson(asked);
}

/** Stores what was believed of a reply. Quotas of other buckets stay, but those of demands that ask for something else. */
export async function storeHeard(
  { store, to, now }: Pick<PassOptions, 'store' | 'to' | 'now'>,
  { demands, quotas }: AcceptedReply,
  offered: readonly { readonly bucketId: string }[],
  changed: readonly string[],
): Promise<void> {
  if (demands) {
    const still = new Set(demands.map(({ terms }) => terms.id).filter((id) => !changed.includes(id)));
    const kept = (await store.quotas.list()).filter(({ demandId }) => still.has(demandId));
    await store.demands.replace(to, demands, kept, now());
  }
  if (offered.length > 0)
    await store.quotas.replace(
      to,
      offered.map(({ bucketId }) => bucketId),
      quotas,
    );
}
