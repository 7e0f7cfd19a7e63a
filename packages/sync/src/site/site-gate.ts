import { type Bucket, bucketId } from '@fr/bucket';
import { type EntryPart, matchesBucket, type Quota } from '@fr/protocol';
import { withStanding } from '../bundle/standing.ts';
import { unmetCondition } from '../demand/conditions.ts';
import { validDecision } from '../demand/permission.ts';
import type { CreditCount, StoredDemand } from '../demand/stored-demand.ts';
import type { EntryGate } from '../entry-gate.ts';
import type { LeaseDesk } from '../lease/lease-desk.ts';
import { mayCollect, type Policy } from '../policy/policy.ts';
import { policyRule } from '../policy/ruling.ts';
import { wantedOfBucket } from './collection.ts';
import { countHoldings, type HoldingRow } from './holdings.ts';
import { DEFAULT_SITE_DEMAND, type SiteDefault } from './site-default.ts';
import { lacksLease } from './site-slot.ts';

/** What the gate needs of the site's store; `@fr/store` fits by shape. */
export interface IntakeStore {
  readonly demands: {
    list(): Promise<readonly StoredDemand[]>;
    credits(): Promise<readonly CreditCount[]>;
  };
  readonly quotas: {
    list(bucketId?: string): Promise<readonly Quota[]>;
  };
  readonly queries: {
    entries(filter?: {
      readonly bucketId?: string;
      readonly limit?: number;
    }): Promise<{ readonly rows: readonly HoldingRow[] }>;
  };
}

/**
 * The site's gate for reporters' entries, asked before a byte of the payload is read. `refused-by-policy`: a part is
 * of a type the policy denies, or one that needs an approval which nobody gave. `not-needed`: nothing in it is wanted
 * now. `lease-needed`: a heavy part came without a lease. Whatever is admitted counts towards what it was wanted for, so
 * that two reporters at once do not bring twice.
 */
export function siteGate(input: {
  readonly store: IntakeStore;
  /** Default: {@link DEFAULT_SITE_DEMAND}. */
  readonly siteDefault?: SiteDefault;
  readonly policy: Policy;
  readonly programs: readonly string[];
  /** The destination for which the policy's standing demands are minded. Default: none. */
  readonly to?: string | undefined;
  readonly now: number;
  /** Default: no leases, heavy parts are taken without. */
  readonly leases?: LeaseDesk | undefined;
  /** Fences the upload shows, those that are over left out. */
  readonly fences?: readonly number[];
}): EntryGate {
  const { store, siteDefault = DEFAULT_SITE_DEMAND, policy, programs, now, leases, fences = [] } = input;
  return async ({ bucket, parts, platform }) => {
    if (!mayCollect(policy)) return { admit: false, reason: 'refused-by-policy: collecting is switched off' };
    const id = bucketId(bucket);
    const demands = withStanding(await store.demands.list(), input);
    if (!parts.every((part) => mayBeKept(part, bucket, demands, siteDefault, policy))) {
      return { admit: false, reason: 'refused-by-policy' };
    }
    const quotas = await store.quotas.list(id);
    const { rows } = await store.queries.entries({ bucketId: id, limit: 1000 });
    const holdings = countHoldings(rows);
    const credits = await store.demands.credits();
    const types = new Set(parts.map(({ type }) => type));
    const wanted = wantedOfBucket({ bucket, siteDefault, holdings, demands, quotas, policy, programs, now })
      .filter(({ type }) => types.has(type))
      .filter(({ from }) => !unmetCondition(from?.demand.terms.when, { bucket, entry: { platform } }))
      // What is held may have been dropped since it was counted: the limit moves with what is missing now.
      .map(({ demandId, type, count }) => ({
        demandId,
        scope: id,
        type,
        limit: acceptedOf(credits, demandId, id, type) + count,
      }));
    if (wanted.length === 0) return { admit: false, reason: 'not-needed' };
    if (leases && parts.some((part) => lacksLease(leases, fences, id, part)))
      return { admit: false, reason: 'lease-needed' };
    return { admit: true, credits: wanted };
  };
}

/** Whether a part may lie in this store at all, wanted or not. */
function mayBeKept(
  { type, bytes }: EntryPart,
  bucket: Bucket,
  demands: readonly StoredDemand[],
  siteDefault: SiteDefault,
  policy: Policy,
): boolean {
  const { action } = policyRule(policy, { bucket, type, bytes });
  if (action === 'deny') return false;
  if (action === 'allow' || siteDefault.types.some((own) => own.type === type)) return true;
  return demands.some(
    (stored) =>
      stored.demand.terms.types.some((wanted) => wanted.type === type) &&
      matchesBucket(stored.demand.terms.pattern, bucket) &&
      (validDecision(stored) === 'approved' || allowsFor(stored, policy, bucket, type)),
  );
}

function allowsFor(stored: StoredDemand, policy: Policy, bucket: Bucket, type: string): boolean {
  return policyRule(policy, { bucket, type, destination: stored.source }).action === 'allow';
}

function acceptedOf(credits: readonly CreditCount[], demandId: string, scope: string, type: string): number {
  const found = credits.find(
    (credit) => credit.demandId === demandId && credit.scope === scope && credit.type === type,
  );
  return found?.accepted ?? 0;
}
