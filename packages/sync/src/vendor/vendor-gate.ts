import { bucketId } from '@fr/bucket';
import type { EntryGate } from '../entry-gate.ts';
import { acceptedFrom, openOwnDemands, remainingOf } from './remaining.ts';
import { DEFAULT_VENDOR_DEMAND } from './vendor-default.ts';
import type { VendorStore } from './vendor-store.ts';

/**
 * The vendor's gate for `PUT` of entries: admits what an open demand still wants, of buckets that this sender has
 * offered before, and counts each sample towards every demand that wants it.
 */
export function vendorGate(input: {
  readonly store: Pick<VendorStore, 'demands' | 'queries'>;
  /** The origins that have sent offers with the sender's token. */
  readonly originIds: readonly string[];
  readonly now: number;
}): EntryGate {
  const { store, originIds, now } = input;
  async function hasOffered(id: string): Promise<boolean> {
    for (const originId of originIds) {
      const { rows } = await store.queries.buckets({ originId, bucketId: id, limit: 1 });
      if (rows.length > 0) return true;
    }
    return false;
  }
  return async ({ bucket, parts }) => {
    const id = bucketId(bucket);
    if (!(await hasOffered(id))) return { admit: false, reason: 'not-needed' };
    const open = openOwnDemands(await store.demands.list(), now, DEFAULT_VENDOR_DEMAND.id);
    const accepted = acceptedFrom(await store.demands.credits());
    const types = new Set(parts.map(({ type }) => type));
    const credits = remainingOf(open, { bucketId: id, bucket }, accepted)
      .filter(({ type, count }) => count > 0 && types.has(type))
      .map(({ stored, scope, type, limit }) => ({ demandId: stored.demand.terms.id, scope, type, limit }));
    return credits.length > 0 ? { admit: true, credits } : { admit: false, reason: 'not-needed' };
  };
}
