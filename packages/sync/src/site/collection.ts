import { type Bucket, bucketId } from '@fr/bucket';
import type { Quota } from '@fr/protocol';
import { isStanding } from '../bundle/standing.ts';
import { asksAbout } from '../demand/conditions.ts';
import { typePermission } from '../demand/permission.ts';
import { isOpen, quotaOf, type StoredDemand } from '../demand/stored-demand.ts';
import { mayCollect, mayOffer, type Policy } from '../policy/policy.ts';
import { policyRule } from '../policy/ruling.ts';
import type { Holdings } from './holdings.ts';
import type { SiteDefault } from './site-default.ts';

/** Everything that decides what a site collects of one bucket. */
export interface CollectionInput {
  readonly bucket: Bucket;
  readonly siteDefault: SiteDefault;
  readonly holdings: Holdings;
  /** Demands from upstream, with the decisions people took on them, and the site's standing ones. */
  readonly demands: readonly StoredDemand[];
  readonly quotas: readonly Quota[];
  readonly policy: Policy;
  /** Programs listed on the command line for the destination, besides those of the policy. */
  readonly programs: readonly string[];
  readonly now: number;
}

/** One type that is wanted of the next failure of a bucket. */
export interface Wanted {
  /** The demand's id: the site default's or a vendor's. */
  readonly demandId: string;
  readonly type: string;
  /** Samples still to be collected, at least 1. */
  readonly count: number;
  /** The vendor's demand it comes from; absent for the site's own. */
  readonly from?: StoredDemand;
}

/**
 * What the site wants of the next failure of a bucket: for itself, as far as the policy does not deny it, and for the
 * vendor, as far as policy and approvals let it, less what entries hold already. Nothing is collected for a vendor
 * of a program that is not listed for it, nor more than the policy lets leave of one bucket; nothing at all where
 * collecting is switched off.
 */
export function wantedOfBucket(input: CollectionInput): readonly Wanted[] {
  if (!mayCollect(input.policy)) return [];
  return [...wantedByTheSite(input), ...wantedByVendors(input)];
}

function wantedByTheSite({ bucket, siteDefault, holdings, policy }: CollectionInput): readonly Wanted[] {
  return siteDefault.types.flatMap(({ type, count }) => {
    if (policyRule(policy, { bucket, type }).action === 'deny') return [];
    const missing = count - (holdings.held[type] ?? 0);
    return missing > 0 ? [{ demandId: siteDefault.id, type, count: missing }] : [];
  });
}

function wantedByVendors(input: CollectionInput): readonly Wanted[] {
  const { bucket, demands, quotas, holdings, policy, programs, now } = input;
  const id = bucketId(bucket);
  const here = quotas.filter((quota) => quota.bucketId === id);
  return demands
    .filter((stored) => stored.source !== 'own' && isOpen(stored, now))
    .filter((stored) => asksAbout(stored.demand.terms, { bucket }))
    .filter((stored) => mayOffer(policy, bucket.program, stored.source, programs))
    .flatMap((from) =>
      from.demand.terms.types
        .filter(({ type }) => typePermission(from, policy, { bucket, type }).may === 'yes')
        .map(({ type }) => {
          const capped = policy.caps?.entriesPerBucket ?? Number.POSITIVE_INFINITY;
          const asked = Math.min(quotaOf(here, from, type), capped);
          const demandId = from.demand.terms.id;
          // A destination counts what it has, and its quota is less by that; of a standing demand nobody else does.
          const has = isStanding(from) ? holdings.held : holdings.pending;
          return { demandId, type, count: asked - (has[type] ?? 0), from };
        })
        .filter(({ count }) => count > 0),
    );
}
