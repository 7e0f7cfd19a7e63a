import { bucketId } from '@fr/bucket';
import { decodeOfferReply, MAX_DEMAND_LIFE_MS, MAX_ITEMS, type Offer } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { checkDemand } from '@fr/protocol/signature';
import { decodeMessage, encodeMessage } from '@fr/protocol/wire';
import { answerOffer, closeMetDemands, createDemand, vendorGate, withdrawDemand } from '@fr/sync';
import { beforeEach, expect, test } from 'vitest';
import { bucket, bucketOf, DAY, headerOf, id, NOW, vendorKey } from './fixture.ts';
import { MemoryVendor } from './memory-vendor.ts';

let vendor: MemoryVendor;
beforeEach(() => {
  vendor = new MemoryVendor();
});

const siteA = { id: uuidv7(), epoch: 1 };
const siteB = { id: uuidv7(), epoch: 1 };

function offerOf(origin: Offer['origin'], buckets: readonly (typeof bucket)[], hits = 1): Offer {
  return { protocol: 1, origin, buckets: buckets.map((one) => ({ bucket: one, hits, holds: [] })) };
}
const answer = async (offer: Offer, now = NOW) => {
  const reply = await answerOffer({ store: vendor, key: vendorKey, offer, now });
  return { ...reply, demands: reply.demands ?? [] };
};
const totals = () => [...vendor.totals.values()].map(({ hits }) => hits);
const create = (more: Partial<Parameters<typeof createDemand>[0]> = {}) =>
  createDemand({
    pattern: { bucketId: id },
    types: [{ type: 'stack', count: 2 }],
    reason: 'to understand it',
    author: 'support',
    key: vendorKey,
    store: vendor,
    now: NOW,
    ...more,
  });
const accept = (demandId: string, scope: string, type: string, accepted: number) =>
  vendor.creditsKept.set(`${demandId} ${scope} ${type}`, { demandId, scope, type, accepted });
const gate = (originIds: readonly string[], types: readonly string[]) =>
  vendorGate({ store: vendor, originIds, now: NOW })(headerOf(types));

test('the first offer makes the default demand: one stack of every bucket, in plain words, signed', async () => {
  const reply = await answer(offerOf(siteA, [bucket], 7));
  expect(totals()).toEqual([7]);
  expect(reply.demands).toMatchObject([
    {
      terms: {
        id: 'vendor-default',
        pattern: { program: '*' },
        each: 'bucket',
        types: [{ type: 'stack', count: 1 }],
      },
    },
  ]);
  expect(reply.quotas).toEqual([{ demandId: 'vendor-default', bucketId: id, type: 'stack', count: 1 }]);
  const trust = { pinned: vendorKey.keyId, publicKey: reply.key, now: NOW, maxLifeMs: MAX_DEMAND_LIFE_MS };
  expect(reply.demands.map((demand) => checkDemand(demand, trust))).toEqual([undefined]);
});

test('the default demand is renewed before it ends, under a higher version, and not more often', async () => {
  const first = (await answer(offerOf(siteA, [bucket]))).demands[0];
  expect((await answer(offerOf(siteA, []), NOW + DAY)).demands[0]).toEqual(first);
  const renewed = (await answer(offerOf(siteA, []), NOW + 20 * DAY)).demands[0];
  expect(renewed?.terms.version).toBeGreaterThan(first?.terms.version ?? 0);
  expect(renewed?.terms.until).toBe(NOW + 20 * DAY + MAX_DEMAND_LIFE_MS);
  // A clock that was set back does not lower the version.
  vendor.demandsKept = vendor.demandsKept.map((stored) => ({
    ...stored,
    demand: { ...stored.demand, terms: { ...stored.demand.terms, reason: 'other words' } },
  }));
  expect((await answer(offerOf(siteA, []), NOW)).demands[0]?.terms.version).toBe(
    (renewed?.terms.version ?? 0) + 1,
  );
});

test('a default demand that a person withdrew stays withdrawn', async () => {
  await answer(offerOf(siteA, [bucket]));
  await withdrawDemand({ id: 'vendor-default', store: vendor, now: NOW });
  expect(await answer(offerOf(siteA, [bucket]))).toMatchObject({ demands: [], quotas: [] });
});

test('the reply counts for the buckets in the offer, and names demands for any this origin ever offered and for no others', async () => {
  const places = Array.from({ length: 5 }, (_, n) => bucketOf('shop', `place-${n}`));
  await answer(offerOf(siteA, places));
  const secret = bucketOf('secret-tool');
  await create({ pattern: { bucketId: bucketId(secret) }, reason: 'only for B' });
  await answer(offerOf(siteB, [secret]));
  const toA = await answer(offerOf(siteA, places.slice(0, 2)));
  expect(toA.quotas.map((quota) => quota.bucketId)).toEqual(places.slice(0, 2).map(bucketId));
  expect(JSON.stringify(toA)).not.toContain('only for B');
  const toB = await answer(offerOf(siteB, []));
  expect([toB.quotas, toB.demands.map(({ terms }) => terms.reason)]).toEqual([
    [],
    ['only for B', expect.any(String)],
  ]);
  // It may be made before the bucket is known, and after.
  await create({ pattern: { location: 'place-*' }, reason: 'only for A' });
  expect((await answer(offerOf(siteA, []))).demands.map(({ terms }) => terms.reason)).toContain('only for A');
});

test('totals merge by max, so that repeats and reordering do no harm', async () => {
  await answer(offerOf(siteA, [bucket], 9));
  await answer(offerOf(siteA, [bucket], 4));
  expect(totals()).toEqual([9]);
});

test('an offer that arrives twice is answered twice the same, buckets by number too', async () => {
  const full = [{ bucket, hits: 1, holds: [], number: 1 }];
  const first = { ...offerOf(siteA, []), buckets: full, mark: { cursor: 1, nonce: 11 }, table: 7 };
  const numbered = [{ number: 1, hits: 5, holds: [{ type: 'stack', count: 1 }] }];
  const second = { ...offerOf(siteA, []), numbered, mark: { cursor: 2, nonce: 12 }, after: [11], table: 7 };
  for (const offer of [first, second]) {
    const [once, again] = [await answer(offer), await answer(offer)];
    expect(once.quotas).toEqual([{ demandId: 'vendor-default', bucketId: id, type: 'stack', count: 1 }]);
    expect(again).toEqual(once);
  }
  expect(totals()).toEqual([5]);
  // What comes in between is another matter: the first is behind by then, and only what it says in full counts.
  expect(await answer(first)).toMatchObject({ mark: second.mark });
});

test('what was accepted counts down, per bucket or as a whole, and a met demand stays listed without quotas', async () => {
  const other = bucketOf('shop', 'elsewhere');
  const whole = await create({ pattern: { program: 'shop' }, types: [{ type: 'packages', count: 3 }] });
  await answer(offerOf(siteA, [bucket, other]));
  accept('vendor-default', id, 'stack', 1);
  accept(whole.demand.terms.id, '', 'packages', 1);
  const { demands, quotas } = await answer(offerOf(siteA, [bucket, other]));
  expect(quotas).toEqual([
    { demandId: whole.demand.terms.id, bucketId: id, type: 'packages', count: 2 },
    { demandId: whole.demand.terms.id, bucketId: bucketId(other), type: 'packages', count: 2 },
    { demandId: 'vendor-default', bucketId: bucketId(other), type: 'stack', count: 1 },
  ]);
  accept('vendor-default', bucketId(other), 'stack', 1);
  expect((await answer(offerOf(siteA, []))).demands.length).toBe(demands.length);
});

test('a reply always fits into a message, explicit demands first, and says when quotas were left out', async () => {
  vendor.pageSize = 1000;
  const places = Array.from({ length: 1000 }, (_, n) => bucketOf('shop', `place-${n}`));
  const types = Array.from({ length: 20 }, (_, n) => ({ type: `x-${n}`, count: 2 }));
  await create({ pattern: { program: 'shop' }, types, each: 'bucket' });
  const reply = await answer(offerOf(siteA, places));
  const bytes = encodeMessage(reply, 'msgpack');
  expect(decodeOfferReply(decodeMessage(bytes, 'msgpack'))).toEqual(reply);
  expect(reply.quotas.length).toBeGreaterThan(MAX_ITEMS / 10);
  // What is not listed then is unknown, and not unwanted.
  expect([reply.partial, reply.quotas[0]?.type]).toEqual([true, 'x-0']);
});

test('the gate admits what is wanted of a sender that has offered the bucket, and counts it for every demand', async () => {
  await answer(offerOf(siteA, [bucket]));
  const whole = await create({ pattern: { problemId: 'p'.padEnd(27, 'a') } });
  const { demand } = await create({ each: 'bucket' });
  expect(await gate([siteB.id, siteA.id], ['stack', 'environment'])).toEqual({
    admit: true,
    credits: [
      { demandId: demand.terms.id, scope: id, type: 'stack', limit: 2 },
      { demandId: 'vendor-default', scope: id, type: 'stack', limit: 1 },
    ],
  });
  expect(whole.demand.terms.id).not.toBe(demand.terms.id);
});

test.each([
  ['from a sender that never offered the bucket', [siteB.id], ['stack'], 0],
  ['from a sender without any offer', [], ['stack'], 0],
  ['of a type nobody wants', [siteA.id], ['environment'], 0],
  ['of which enough was accepted', [siteA.id], ['stack'], 1],
])('the gate turns away an entry %s', async (_, originIds, types, accepted) => {
  await answer(offerOf(siteA, [bucket]));
  accept('vendor-default', id, 'stack', accepted);
  expect(await gate(originIds, types)).toEqual({ admit: false, reason: 'not-needed' });
});

test('explicit demands close when every count is reached, wide ones per bucket never', async () => {
  const single = await create({
    types: [
      { type: 'stack', count: 1 },
      { type: 'core', count: 1 },
    ],
  });
  const perBucket = await create({ each: 'bucket', types: [{ type: 'core', count: 1 }] });
  const wide = await create({
    pattern: { program: 'shop' },
    each: 'bucket',
    types: [{ type: 'core', count: 1 }],
  });
  accept(single.demand.terms.id, '', 'stack', 1);
  accept(wide.demand.terms.id, id, 'core', 1);
  expect(await closeMetDemands({ store: vendor, now: NOW })).toEqual([]);
  accept(single.demand.terms.id, '', 'core', 1);
  accept(perBucket.demand.terms.id, id, 'core', 1);
  expect([...(await closeMetDemands({ store: vendor, now: NOW }))].sort()).toEqual(
    [single, perBucket].map(({ demand }) => demand.terms.id).sort(),
  );
  expect(await closeMetDemands({ store: vendor, now: NOW })).toEqual([]);
});

test.each([
  ['no pattern', { pattern: {} }],
  ['no types', { types: [] }],
  ['a type that cannot be', { types: [{ type: '../etc/passwd', count: 1 }] }],
  [
    'a type twice',
    {
      types: [
        { type: 'core', count: 1 },
        { type: 'core', count: 2 },
      ],
    },
  ],
  ['a count of zero', { types: [{ type: 'core', count: 0 }] }],
  ['half a sample', { types: [{ type: 'core', count: 1.5 }] }],
  ['no reason', { reason: ' ' }],
  ['an end in the past', { until: NOW }],
  ['an end that is no time', { until: Number.NaN }],
  ['an end too far away', { until: NOW + MAX_DEMAND_LIFE_MS + 1 }],
])('a demand with %s is not made', async (_, more) => {
  await expect(create(more)).rejects.toMatchObject({ name: 'SyncError', code: 'invalid-demand' });
  expect(vendor.demandsKept).toEqual([]);
});

test('a new demand lives 30 days and counts as a whole, unless said otherwise', async () => {
  expect((await create()).demand.terms).toMatchObject({
    until: NOW + MAX_DEMAND_LIFE_MS,
    each: 'demand',
    keyId: vendorKey.keyId,
    version: NOW,
  });
});
