import type { Bucket } from '@fr/bucket';
import {
  MAX_DEMAND_LIFE_MS,
  MAX_DEMANDS,
  MAX_ITEMS,
  MAX_LEASES,
  type Offer,
  type OfferReply,
} from '@fr/protocol';
import { canonicalJson, presentKey, type SigningKey, signDemand } from '@fr/protocol/signature';
import { demandsTag } from '../demand/demands-tag.ts';
import type { StoredDemand } from '../demand/stored-demand.ts';
import { demandsTold } from './demands-told.ts';
import { openOwnDemands, type Remaining, remainingHere } from './remaining.ts';
import { inTurn, type ToldBucket, understand } from './told-so-far.ts';
import { DEFAULT_VENDOR_DEMAND, type VendorDefault } from './vendor-default.ts';
import { leasesForOffer, type VendorLeasing } from './vendor-leases.ts';
import type { VendorStore } from './vendor-store.ts';

/** A reply must fit the message limits: values of a demand, a quota and a lease, generously counted. */
const VALUES = { reply: 100, demand: 40, quota: 6, lease: 9 } as const;

/**
 * The vendor's reply to an offer: merges the totals, sees to it that the default demand exists, and says what is still
 * wanted of the buckets in the offer, and which demands speak of anything this origin has ever offered. Takes about as
 * long as the offer is, however many buckets there are. Repeating an offer does no harm.
 */
export async function answerOffer(input: {
  readonly store: VendorStore;
  readonly key: SigningKey;
  readonly offer: Offer;
  readonly now: number;
  /** Default: {@link DEFAULT_VENDOR_DEMAND}. */
  readonly defaults?: VendorDefault;
  /** Default: no leases, the quotas alone hold. */
  readonly leasing?: VendorLeasing | undefined;
}): Promise<OfferReply> {
  const { store, key, offer, now, defaults = DEFAULT_VENDOR_DEMAND } = input;
  const { buckets, mark } = await inTurn(store, offer.origin.id, async () => {
    const understood = await understand(store, offer);
    const totals = understood.buckets.map(({ bucket, hits }) => ({ bucket, hits }));
    await store.hits.merge(offer.origin, totals, now);
    return { buckets: understood.buckets, mark: await understood.settle() };
  });
  await ensureDefault(store, key, defaults, now);
  const open = openOwnDemands(await store.demands.list(), now, defaults.id).slice(0, MAX_DEMANDS);
  const told = await demandsTold(store, offer.origin.id, open, buckets);
  const most = Math.floor((MAX_ITEMS - VALUES.reply) / 2 / VALUES.demand);
  return {
    ...(await wantedOf(input, told.slice(0, most), buckets)),
    ...presentKey(key),
    ...(mark && { mark }),
  };
}

/** What these demands want of these buckets, within what a message may hold. */
async function wantedOf(
  { store, offer, leasing, now }: Parameters<typeof answerOffer>[0],
  demands: readonly StoredDemand[],
  buckets: readonly ToldBucket[],
): Promise<Omit<OfferReply, 'key' | 'mark'>> {
  const counted = demands.some(({ demand }) => demand.terms.when?.hits !== undefined);
  const asked = counted
    ? await withAllHits(store, buckets)
    : buckets.map(({ bucketId, bucket }) => ({ bucketId, bucket }));
  const remaining = await remainingHere(store, demands, asked);
  const room = MAX_ITEMS - VALUES.reply - VALUES.demand * demands.length;
  const all = quotasOf(remaining);
  const quotas = all.slice(0, Math.floor(room / VALUES.quota));
  const signed = demands.map(({ demand }) => demand);
  const tag = demandsTag(signed);
  const reply = {
    tag,
    ...(offer.tag === tag ? {} : { demands: signed }),
    quotas,
    ...(quotas.length < all.length && { partial: true }),
  };
  if (!leasing) return reply;
  const most = Math.min(MAX_LEASES, Math.floor((room - VALUES.quota * quotas.length) / VALUES.lease));
  return { ...reply, leases: leasesForOffer(leasing, offer.origin, buckets, remaining, now, most) };
}

/** A condition on hits is about those of all sites. */
async function withAllHits(
  { queries }: Pick<VendorStore, 'queries'>,
  buckets: readonly ToldBucket[],
): Promise<readonly { readonly bucketId: string; readonly bucket: Bucket; readonly hits: number }[]> {
  return await Promise.all(
    buckets.map(async ({ bucketId, bucket, hits }) => {
      const { rows } = await queries.buckets({ bucketId, limit: 1 });
      return { bucketId, bucket, hits: rows[0]?.hits ?? hits };
    }),
  );
}

function quotasOf(remaining: ReadonlyMap<string, readonly Remaining[]>): OfferReply['quotas'] {
  return [...remaining].flatMap(([bucketId, wanted]) =>
    wanted
      .filter(({ count }) => count > 0)
      .map(({ stored, type, count }) => ({ demandId: stored.demand.terms.id, bucketId, type, count })),
  );
}

/** Signs the default demand anew where it is missing, says something else, or has less than half its life left. */
export async function ensureDefault(
  store: VendorStore,
  key: SigningKey,
  defaults: VendorDefault,
  now: number,
): Promise<void> {
  const list = await store.demands.list();
  const last = list.find(({ demand }) => demand.terms.id === defaults.id);
  const { id, types, reason, author } = defaults;
  const saying = { id, types, reason, author, pattern: { program: '*' }, each: 'bucket' } as const;
  // Nothing closes it but a person who withdrew it; that holds.
  if (last?.closedAt !== undefined) return;
  if (last?.demand.terms.keyId === key.keyId) {
    const { version: _version, until, keyId: _keyId, ...said } = last.demand.terms;
    if (until - now > MAX_DEMAND_LIFE_MS / 2 && canonicalJson(said) === canonicalJson(saying)) return;
  }
  const version = Math.max((last?.demand.terms.version ?? 0) + 1, now);
  const demand = signDemand({ ...saying, version, until: now + MAX_DEMAND_LIFE_MS }, key);
  await store.demands.put({ demand, source: 'own', seenAt: now });
}
