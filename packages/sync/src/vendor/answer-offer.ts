import { bucketId } from '@fr/bucket';
import {
  MAX_DEMAND_LIFE_MS,
  MAX_DEMANDS,
  MAX_ITEMS,
  MAX_LEASES,
  type Offer,
  type OfferReply,
  type Quota,
} from '@fr/protocol';
import { canonicalJson, type SigningKey, signDemand } from '@fr/protocol/signature';
import type { StoredDemand } from '../demand/stored-demand.ts';
import { acceptedFrom, openOwnDemands, type Remaining, remainingOf } from './remaining.ts';
import { DEFAULT_VENDOR_DEMAND, type VendorDefault } from './vendor-default.ts';
import { leasesForOffer, type VendorLeasing } from './vendor-leases.ts';
import type { VendorStore } from './vendor-store.ts';

/** A reply must fit the message limits: values of a demand, a quota and a held total, generously counted. */
const VALUES = { reply: 100, demand: 40, quota: 6, total: 4, lease: 9 } as const;

/**
 * The vendor's reply to an offer: merges the totals, sees to it that the default demand exists, and says what is
 * still wanted of every bucket this origin has ever offered, and of no other. Where more is wanted than one reply can
 * hold, explicit demands come first, then the buckets with most hits; the rest follows when those are met. Repeating
 * an offer does no harm.
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
  const { store, key, offer, now, defaults = DEFAULT_VENDOR_DEMAND, leasing } = input;
  const offered = offer.buckets.map(({ bucket, hits }) => ({ bucket, hits }));
  const merged = await store.hits.merge(offer.origin, offered, now);
  const ids = new Set(offered.map(({ bucket }) => bucketId(bucket)));
  const totals = merged.filter((total) => ids.has(total.bucketId));
  await ensureDefault(store, key, defaults, now);
  const open = openOwnDemands(await store.demands.list(), now, defaults.id);
  const wanted = await wantedOf(store, offer.origin.id, open.slice(0, MAX_DEMANDS), ids);
  const room = MAX_ITEMS - VALUES.reply - VALUES.total * totals.length;
  const demands = wanted.demands.slice(0, Math.floor(room / 2 / VALUES.demand));
  const told = new Set(demands.map(({ demand }) => demand.terms.id));
  const quotas = wanted.quotas
    .filter(({ demandId }) => told.has(demandId))
    .slice(0, Math.floor((room - VALUES.demand * demands.length) / VALUES.quota));
  const reply = { key: key.publicKey, demands: demands.map(({ demand }) => demand), quotas, totals };
  if (!leasing) return reply;
  const used = VALUES.demand * demands.length + VALUES.quota * quotas.length;
  const most = Math.min(MAX_LEASES, Math.max(0, Math.floor((room - used) / VALUES.lease)));
  return { ...reply, leases: leasesForOffer(leasing, offer, wanted.remaining, told, now, most) };
}

/** Demands that speak of this origin's buckets, and what is left of them for each, explicit demands first. */
async function wantedOf(
  store: VendorStore,
  originId: string,
  open: readonly StoredDemand[],
  offered: ReadonlySet<string>,
): Promise<{
  readonly demands: readonly StoredDemand[];
  readonly quotas: readonly Quota[];
  /** Of the buckets just offered, by id. */
  readonly remaining: ReadonlyMap<string, readonly Remaining[]>;
}> {
  const remaining = new Map<string, readonly Remaining[]>();
  const accepted = acceptedFrom(await store.demands.credits());
  const quotas = new Map<string, Quota[]>();
  for await (const row of bucketsOf(store, originId)) {
    const here = remainingOf(open, row, accepted);
    if (offered.has(row.bucketId)) remaining.set(row.bucketId, here);
    for (const { stored, type, count } of here) {
      const demandId = stored.demand.terms.id;
      const known = quotas.get(demandId) ?? [];
      if (count > 0) known.push({ demandId, bucketId: row.bucketId, type, count });
      quotas.set(demandId, known);
    }
  }
  const demands = open.filter(({ demand }) => quotas.has(demand.terms.id));
  const told = demands.flatMap(({ demand }) => quotas.get(demand.terms.id) ?? []);
  return { demands, quotas: told, remaining };
}

async function* bucketsOf(
  store: VendorStore,
  originId: string,
): AsyncGenerator<Parameters<typeof remainingOf>[1]> {
  let after: string | undefined;
  do {
    const page = await store.queries.buckets({ originId, limit: 1000, ...(after ? { after } : {}) });
    yield* page.rows;
    after = page.next;
  } while (after !== undefined);
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
