/**
 * Standing demands: what a site has written into its policy to be collected and sent although nobody asks, because no word
 * ever comes from where it goes. Their author is the site; approvals are not needed, but what the policy denies stays.
 * @module
 */

import { createHash } from 'node:crypto';
import { type Bucket, bucketId } from '@fr/bucket';
import {
  type DemandTerms,
  isInformationTypeName,
  matchesBucket,
  type Quota,
  type TypeCount,
} from '@fr/protocol';
import { canonicalJson, termsHash } from '@fr/protocol/signature';
import type { StoredDemand } from '../demand/stored-demand.ts';
import { anyFits, type Policy } from '../policy/policy.ts';

/** Ids of standing demands begin so; no vendor's may. */
export const STANDING_PREFIX = 'site-standing-';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether it is one that the site has written into its policy. */
export function isStanding({ demand }: StoredDemand): boolean {
  return demand.terms.id.startsWith(STANDING_PREFIX);
}

/** Demands that were heard, and the standing ones of the policy towards a destination; without one, those heard alone. */
export function withStanding(
  heard: readonly StoredDemand[],
  { policy, to, now }: { readonly policy: Policy; readonly to?: string | undefined; readonly now: number },
): readonly StoredDemand[] {
  return to === undefined ? heard : [...heard, ...standingDemands(policy, to, now)];
}

/** The standing demands of a policy towards a destination, as a decision takes them. */
export function standingDemands(policy: Policy, to: string, now: number): readonly StoredDemand[] {
  return (policy.standing ?? [])
    .filter((standing) => standing.to === undefined || anyFits(standing.to, to))
    .flatMap(({ program, type, count, reason }) =>
      [program].flat().map((one) => standingDemand(one, [type].flat(), count ?? 1, reason, to, now)),
    );
}

function standingDemand(
  program: string,
  names: readonly string[],
  count: number,
  reason = 'this site sends it by itself',
  to: string,
  now: number,
): StoredDemand {
  const types: readonly TypeCount[] = names.filter(isInformationTypeName).map((type) => ({ type, count }));
  const pattern = { program };
  const id = `${STANDING_PREFIX}${createHash('sha256').update(canonicalJson({ pattern, types })).digest('hex').slice(0, 12)}`;
  const terms: DemandTerms = {
    id,
    keyId: '',
    version: 1,
    pattern,
    types,
    each: 'bucket',
    until: now + DAY_MS,
    reason,
    author: 'the policy of this site',
  };
  const approval = { decision: 'approved', termsHash: termsHash(terms), by: 'the policy', at: now } as const;
  return { demand: { terms, signature: '' }, source: to, seenAt: now, approval };
}

/** How many samples of each are still to be sent of a bucket; `sent` counts those that have left. */
export function standingQuotas(
  standing: readonly StoredDemand[],
  bucket: Bucket,
  sent: (demandId: string, type: string, scope: string) => number,
): readonly Quota[] {
  const id = bucketId(bucket);
  return standing
    .filter(({ demand }) => matchesBucket(demand.terms.pattern, bucket))
    .flatMap(({ demand: { terms } }) =>
      terms.types.map(({ type, count }) => ({
        demandId: terms.id,
        bucketId: id,
        type,
        count: Math.max(0, count - sent(terms.id, type, id)),
      })),
    )
    .filter(({ count }) => count > 0);
}
