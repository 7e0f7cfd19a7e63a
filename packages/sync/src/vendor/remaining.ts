import type { Bucket } from '@fr/bucket';
import { asksAbout, unmetCondition } from '../demand/conditions.ts';
import { type CreditCount, isOpen, type StoredDemand, scopeOf } from '../demand/stored-demand.ts';
import type { CreditPlace, VendorStore } from './vendor-store.ts';

/** Samples accepted so far, looked up by demand, scope and type. */
export type Accepted = (demandId: string, scope: string, type: string) => number;

/** Makes the look-up from a store's credits. */
export function acceptedFrom(credits: readonly CreditCount[]): Accepted {
  const counts = new Map(
    credits.map(({ demandId, scope, type, accepted }) => [`${demandId} ${scope} ${type}`, accepted]),
  );
  return (demandId, scope, type) => counts.get(`${demandId} ${scope} ${type}`) ?? 0;
}

/** One type that a demand asks of a bucket. */
export interface Remaining {
  readonly stored: StoredDemand;
  readonly type: string;
  /** What the count is kept for: a bucket id, or empty. */
  readonly scope: string;
  /** The demand's count. */
  readonly limit: number;
  /** How many are still to come; 0 where the demand is met. */
  readonly count: number;
}

/** What a vendor's open demands ask of a bucket, met or not. */
export function remainingOf(
  demands: readonly StoredDemand[],
  where: {
    readonly bucketId: string;
    readonly bucket: Bucket;
    /** Of all sites together; absent where it was looked at when the question came. */
    readonly hits?: number;
  },
  accepted: Accepted,
): readonly Remaining[] {
  const { bucket } = where;
  return demands
    .filter(({ demand }) => asksAbout(demand.terms, { bucket }))
    .flatMap((stored) => {
      const scope = scopeOf(stored, where.bucketId);
      return stored.demand.terms.types.map(({ type, count: limit }) => {
        const left = Math.max(0, limit - accepted(stored.demand.terms.id, scope, type));
        // Said to be none rather than left out: of what nothing is said, a site takes what was signed.
        const count = unmetCondition(stored.demand.terms.when, where) === undefined ? left : 0;
        return { stored, type, scope, limit, count };
      });
    });
}

/** The vendor's own demands that are neither closed nor expired; explicit ones before the default, newest first. */
export function openOwnDemands(
  demands: readonly StoredDemand[],
  now: number,
  defaultId: string,
): readonly StoredDemand[] {
  const open = demands.filter((stored) => stored.source === 'own' && isOpen(stored, now));
  const isDefault = (stored: StoredDemand): boolean => stored.demand.terms.id === defaultId;
  return [...open.filter((stored) => !isDefault(stored)), ...open.filter(isDefault)];
}

/** What these demands ask of each of these buckets, by bucket id; no more is read than that. */
export async function remainingHere(
  store: Pick<VendorStore, 'demands'>,
  demands: readonly StoredDemand[],
  buckets: readonly Parameters<typeof remainingOf>[1][],
): Promise<ReadonlyMap<string, readonly Remaining[]>> {
  const nothing: Accepted = () => 0;
  const asked = buckets.map((where) => ({ where, wanted: remainingOf(demands, where, nothing) }));
  const places = new Map<string, CreditPlace>();
  for (const { stored, scope } of asked.flatMap(({ wanted }) => wanted)) {
    const demandId = stored.demand.terms.id;
    places.set(`${demandId} ${scope}`, { demandId, scope });
  }
  const credits = places.size === 0 ? [] : await store.demands.credits([...places.values()]);
  const accepted = acceptedFrom(credits);
  return new Map(asked.map(({ where }) => [where.bucketId, remainingOf(demands, where, accepted)]));
}
