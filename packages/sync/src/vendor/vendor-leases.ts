/**
 * Leases of a vendor to its sites. For delivering there are as many places as samples are missing; for collecting there
 * are more, since most of those who may collect wait for a failure that never comes.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import {
  HEAVY_PART_BYTES,
  type LeaseAsk,
  type LeasePurpose,
  type LeaseReply,
  type LeaseRequest,
  type Origin,
} from '@fr/protocol';
import type { LeaseLife } from '../lease/lease-book.ts';
import type { LeaseDesk } from '../lease/lease-desk.ts';
import { type LeaseTerms, leaseReply } from '../lease/lease-reply.ts';
import { offeredBucket } from './offered-bucket.ts';
import { openOwnDemands, type Remaining, remainingHere } from './remaining.ts';
import type { ToldBucket } from './told-so-far.ts';
import { DEFAULT_VENDOR_DEMAND } from './vendor-default.ts';
import type { VendorStore } from './vendor-store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const LIVES: Readonly<Record<LeasePurpose, LeaseLife>> = {
  // Two passes of a site; a longer upload renews it.
  deliver: { least: 10 * MINUTE_MS, most: 10 * MINUTE_MS },
  // A site may hand it on to its reporters for a day. One that never fails again, or is switched off, makes way after an hour.
  collect: { least: DAY_MS, most: DAY_MS, alone: 60 * MINUTE_MS },
};
const COLLECTORS_PER_SAMPLE = 4;

/** A vendor's desk, and who is spoken with: the name of the site's token. */
export interface VendorLeasing {
  readonly desk: LeaseDesk;
  readonly caller: string;
}

/** What leases of one demand compete for. */
function vendorSlot(purpose: LeasePurpose, { stored, scope, type }: Remaining): string {
  return `${purpose} ${stored.demand.terms.id} ${scope} ${type}`;
}

/** Answers `POST /v1/leases` of a site: only of buckets it has offered, and of what open demands still want of them. */
export async function answerLeases(input: {
  readonly store: Pick<VendorStore, 'demands' | 'queries'>;
  readonly leasing: VendorLeasing;
  /** The origins that have sent offers with the sender's token. */
  readonly originIds: readonly string[];
  readonly request: LeaseRequest;
  readonly now: number;
}): Promise<LeaseReply> {
  const { store, leasing, originIds, request, now } = input;
  const open = openOwnDemands(await store.demands.list(), now, DEFAULT_VENDOR_DEMAND.id);
  const buckets = new Map<string, { readonly bucketId: string; readonly bucket: Bucket }>();
  for (const bucketId of new Set(request.asks.map((ask) => ask.bucketId))) {
    const bucket = await offeredBucket(store, originIds, bucketId);
    if (bucket) buckets.set(bucketId, { bucketId, bucket });
  }
  const known = await remainingHere(store, open, [...buckets.values()]);
  return leaseReply(request.asks, leasing.desk, (ask) => {
    const wanted = known
      .get(ask.bucketId)
      ?.find(({ stored, type }) => stored.demand.terms.id === ask.demandId && type === ask.type);
    return termsOf(ask, wanted, leasing.caller, request.holder, now);
  });
}

function termsOf(
  ask: LeaseAsk,
  wanted: Remaining | undefined,
  caller: string,
  originId: string,
  now: number,
): LeaseTerms {
  const holder = holderOf(caller, originId, ask.bucketId);
  if (!wanted) return { holder, slot: '', places: 0, life: LIVES[ask.for] };
  const left = Math.max(0, wanted.stored.demand.terms.until - now);
  const { least, most, ...life } = LIVES[ask.for];
  return {
    holder,
    slot: vendorSlot(ask.for, wanted),
    places: wanted.count * (ask.for === 'collect' ? COLLECTORS_PER_SAMPLE : 1),
    life: { ...life, least: Math.min(least, left), most: Math.min(most, left) },
  };
}

/** One for each bucket: where a demand counts as a whole, each of its buckets has its own share of it. */
function holderOf(caller: string, originId: string, bucketId: string): string {
  return `${caller} ${originId} ${bucketId}`;
}

/**
 * Leases that go along with the reply to an offer: for what it says is held of what is wanted, so that nobody need ask.
 */
export function leasesForOffer(
  { desk, caller }: VendorLeasing,
  origin: Origin,
  buckets: readonly ToldBucket[],
  remaining: ReadonlyMap<string, readonly Remaining[]>,
  now: number,
  most: number,
): LeaseReply {
  const wanted = buckets.flatMap(({ bucketId, holds = [] }) => {
    const held = new Map(holds.map(({ type, count }) => [type, count]));
    return (remaining.get(bucketId) ?? [])
      .map((one) => ({ one, bucketId, count: Math.min(held.get(one.type) ?? 0, one.count) }))
      .filter(({ count }) => count > 0);
  });
  const asks = new Map<LeaseAsk, Remaining>(
    wanted
      .slice(0, most)
      .map(({ one, bucketId: id, count }) => [
        { demandId: one.stored.demand.terms.id, bucketId: id, type: one.type, for: 'deliver', count },
        one,
      ]),
  );
  return leaseReply([...asks.keys()], desk, (ask) => termsOf(ask, asks.get(ask), caller, origin.id, now));
}

/** Whether an upload may count towards what is wanted: under a lease, or (where it is light) because some is left over. */
export function mayDeliver(
  { desk, caller }: VendorLeasing,
  fences: readonly number[],
  wanted: Remaining,
  bytes: number,
): boolean {
  const slot = vendorSlot('deliver', wanted);
  const covered = fences.some((fence) => {
    const lease = desk.find(fence);
    return lease?.slot === slot && lease.holder.startsWith(`${caller} `);
  });
  return covered || (bytes <= HEAVY_PART_BYTES && wanted.count - desk.leasedOut(slot) > 0);
}
