import { bucketId } from '@fr/bucket';
import type { EntryPart } from '@fr/protocol';
import { unmetCondition } from '../demand/conditions.ts';
import type { EntryGate } from '../entry-gate.ts';
import { offeredBucket } from './offered-bucket.ts';
import { openOwnDemands, type Remaining, remainingHere } from './remaining.ts';
import { DEFAULT_VENDOR_DEMAND } from './vendor-default.ts';
import { mayDeliver, type VendorLeasing } from './vendor-leases.ts';
import type { VendorStore } from './vendor-store.ts';

/**
 * The vendor's gate for `PUT` of entries: admits what an open demand still wants, of buckets that this sender has
 * offered before, and counts each sample towards every demand that wants it. Where it leases, what others have leases
 * for is not theirs to bring: `lease-needed`.
 */
export function vendorGate(input: {
  readonly store: Pick<VendorStore, 'demands' | 'queries'>;
  /** The origins that have sent offers with the sender's token. */
  readonly originIds: readonly string[];
  readonly now: number;
  /** Default: no leases, the counts alone hold. */
  readonly leasing?: VendorLeasing | undefined;
  /** Fences the upload shows, those that are over left out. */
  readonly fences?: readonly number[];
}): EntryGate {
  const { store, originIds, now, leasing, fences = [] } = input;
  return async ({ bucket, parts, platform }) => {
    const id = bucketId(bucket);
    if (!(await offeredBucket(store, originIds, id))) return { admit: false, reason: 'not-needed' };
    const open = openOwnDemands(await store.demands.list(), now, DEFAULT_VENDOR_DEMAND.id);
    const sizes = new Map(parts.map(({ type, bytes }) => [type, bytes]));
    const here = await remainingHere(store, open, [{ bucketId: id, bucket }]);
    const wanted = (here.get(id) ?? []).filter(
      ({ type, count, stored }) =>
        count > 0 &&
        sizes.has(type) &&
        !unmetCondition(stored.demand.terms.when, { bucket, entry: { platform } }),
    );
    if (wanted.length === 0) return { admit: false, reason: 'not-needed' };
    const counted = leasing
      ? wanted.filter((one) => mayDeliver(leasing, fences, one, sizes.get(one.type) ?? 0))
      : wanted;
    if (counted.length === 0 || (leasing && hasUncounted(parts, counted)))
      return { admit: false, reason: 'lease-needed' };
    const credits = counted.map(({ stored, scope, type, limit }) => ({
      demandId: stored.demand.terms.id,
      scope,
      type,
      limit,
    }));
    return { admit: true, credits };
  };
}

/** Whether a part came along that is not wanted, or that others have the leases for. */
function hasUncounted(parts: readonly EntryPart[], counted: readonly Remaining[]): boolean {
  return parts.some(({ type }) => !counted.some((wanted) => wanted.type === type));
}
