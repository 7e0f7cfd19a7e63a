import { type Bucket, bucketId } from '@fr/bucket';
import { describePart, type EntryHeader, type Quota } from '@fr/protocol';
import { checkDemand, generateSigningKey } from '@fr/protocol/signature';
import {
  type CollectionInput,
  countHoldings,
  DEFAULT_POLICY,
  DEFAULT_SITE_DEMAND,
  demandsForReporters,
  type Policy,
  type StoredDemand,
  siteGate,
  withStanding,
} from '@fr/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bucket,
  bucketOf,
  DAY,
  decisionOn,
  demandOf,
  headerOf,
  id,
  NOW,
  storedOf,
  VENDOR,
} from './fixture.ts';
import { MemorySite } from './memory-site.ts';

const key = generateSigningKey();
const nothing = { held: {}, pending: {} };
const full = { held: { stack: 2, environment: 2 }, pending: {} };

function asked(more: Partial<CollectionInput> = {}) {
  return demandsForReporters({
    bucket,
    siteDefault: DEFAULT_SITE_DEMAND,
    holdings: nothing,
    demands: [],
    quotas: [],
    policy: DEFAULT_POLICY,
    programs: ['shop'],
    key,
    now: NOW,
    ...more,
  });
}

function quotaOf(stored: StoredDemand, count = 1, where: Bucket = bucket): readonly Quota[] {
  return stored.demand.terms.types.map(({ type }) => ({
    demandId: stored.demand.terms.id,
    bucketId: bucketId(where),
    type,
    count,
  }));
}

const report = storedOf(demandOf([{ type: 'diagnostic-report', count: 1 }]));
const approved = { ...report, approval: decisionOn(report.demand) };

test('a site without a vendor asks for two stacks and two environments of every bucket, and for no more', () => {
  const [demand, ...others] = asked();
  expect(others).toEqual([]);
  expect(demand?.terms).toMatchObject({
    id: 'site-default',
    pattern: { bucketId: id },
    types: [
      { type: 'stack', count: 2 },
      { type: 'environment', count: 2 },
    ],
    until: NOW + DAY,
  });
  expect(asked({ holdings: { held: { stack: 1, environment: 2 }, pending: {} } })[0]?.terms.types).toEqual([
    { type: 'stack', count: 1 },
  ]);
  expect(asked({ holdings: full })).toEqual([]);
});

test('what a reporter gets is signed by the site, for this bucket, and lives a day at most', () => {
  const dying = storedOf(demandOf([{ type: 'stack', count: 3 }], { until: NOW + 1000 }));
  for (const demand of asked({ demands: [dying], quotas: quotaOf(dying, 3) })) {
    const trust = { pinned: key.keyId, publicKey: key.publicKey, now: NOW, maxLifeMs: DAY };
    expect(checkDemand(demand, trust)).toBeUndefined();
    expect(demand.terms).toMatchObject({ pattern: { bucketId: id }, each: 'bucket' });
  }
  const vendor = asked({ demands: [dying], quotas: quotaOf(dying, 3) }).at(-1);
  expect(vendor?.terms).toMatchObject({
    id: 'd-1',
    reason: 'the cart adds up wrongly',
    author: 'vendor support',
    until: NOW + 1000,
  });
});

test.each([
  ['waits for approval', report, {}, []],
  ['was approved', approved, {}, ['diagnostic-report']],
  ['was denied', { ...report, approval: decisionOn(report.demand, 'denied') }, {}, []],
  [
    'was approved with other terms',
    { ...report, approval: { ...decisionOn(report.demand), termsHash: 'x' } },
    {},
    [],
  ],
  [
    'was approved, but the policy denies it',
    approved,
    { policy: { ...DEFAULT_POLICY, rules: [{ type: 'diagnostic-*', action: 'deny' }] } as Policy },
    [],
  ],
  [
    'is allowed by the policy',
    report,
    { policy: { ...DEFAULT_POLICY, rules: [{ type: 'diagnostic-*', action: 'allow' }] } as Policy },
    ['diagnostic-report'],
  ],
  ['is closed', { ...approved, closedAt: NOW }, {}, []],
  ['is expired', approved, { now: NOW + 8 * DAY }, []],
  ['is met', approved, { quotas: quotaOf(approved, 0) }, []],
  [
    'has been told of for another bucket only',
    approved,
    { quotas: quotaOf(approved, 0, bucketOf('shop', 'elsewhere')) },
    ['diagnostic-report'],
  ],
  ['is of a program that is not listed', approved, { programs: ['till'] }, []],
  [
    'is satisfied by an entry that waits to be uploaded',
    approved,
    { holdings: { held: { ...full.held, 'diagnostic-report': 1 }, pending: { 'diagnostic-report': 1 } } },
    [],
  ],
  [
    'wants one more than was uploaded before',
    approved,
    { holdings: { held: { ...full.held, 'diagnostic-report': 1 }, pending: {} } },
    ['diagnostic-report'],
  ],
])("a vendor's demand that %s", (_, stored, more, types) => {
  const demands = asked({ holdings: full, demands: [stored], quotas: quotaOf(stored), ...more });
  expect(
    demands
      .filter(({ terms }) => terms.id === 'd-1')
      .flatMap(({ terms }) => terms.types.map(({ type }) => type)),
  ).toEqual(types);
});

test('a quota above the signed count is not believed', () => {
  expect(
    asked({ holdings: full, demands: [approved], quotas: quotaOf(approved, 500) })[0]?.terms.types,
  ).toEqual([{ type: 'diagnostic-report', count: 1 }]);
});

test('nothing a vendor says widens what the policy lets be collected', () => {
  const wild = fc.constantFrom(
    'heap-snapshot',
    'core',
    'attachment:app-log',
    'x-own',
    'unheard-of',
    'packages',
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(wild, { minLength: 1 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      (types, count) => {
        const stored = storedOf(demandOf(types.map((type) => ({ type, count }))));
        expect(asked({ holdings: full, demands: [stored], quotas: quotaOf(stored, count) })).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

test('holdings are counted by type, and apart for what waits', () => {
  expect(
    countHoldings([
      { state: 'pending', types: ['stack', 'environment'] },
      { state: 'uploaded', types: ['stack'] },
    ]),
  ).toEqual({ held: { stack: 2, environment: 1 }, pending: { stack: 1, environment: 1 } });
});

async function gate(
  header: EntryHeader,
  setup: (site: MemorySite) => void = () => undefined,
  policy = DEFAULT_POLICY,
) {
  const site = new MemorySite();
  site.hit(bucket);
  setup(site);
  return await siteGate({ store: site, policy, programs: ['shop'], now: NOW })(header);
}

const want =
  (stored: StoredDemand, count = 1) =>
  (site: MemorySite) => {
    site.demandsKept = [stored];
    site.quotasKept = quotaOf(stored, count);
  };

test('the gate admits what is wanted, and counts it towards the bucket', async () => {
  expect(await gate(headerOf(['stack', 'environment']))).toEqual({
    admit: true,
    credits: [
      { demandId: 'site-default', scope: id, type: 'stack', limit: 2 },
      { demandId: 'site-default', scope: id, type: 'environment', limit: 2 },
    ],
  });
});

test('the limit moves with what is missing, so that dropped entries are replaced and racing reporters are not', async () => {
  const held = (site: MemorySite) => {
    site.hit(bucket, headerOf(['stack']));
    site.creditsKept = [{ demandId: 'site-default', scope: id, type: 'stack', accepted: 7 }];
  };
  expect(await gate(headerOf(['stack']), held)).toMatchObject({ credits: [{ type: 'stack', limit: 8 }] });
});

test.each([
  [
    'what is full',
    headerOf(['stack']),
    (site: MemorySite) => {
      for (let n = 0; n < 2; n++) site.hit(bucket, headerOf(['stack']));
    },
    'not-needed',
  ],
  ['what nobody asked for', headerOf(['x-own']), () => undefined, 'refused-by-policy'],
  ['a type that is not known', headerOf(['unheard-of', 'stack']), () => undefined, 'refused-by-policy'],
  ['what waits for approval', headerOf(['stack', 'diagnostic-report']), want(report), 'refused-by-policy'],
  [
    'what was denied',
    headerOf(['diagnostic-report']),
    want({ ...report, approval: decisionOn(report.demand, 'denied') }),
    'refused-by-policy',
  ],
  ['what was approved and is met', headerOf(['diagnostic-report']), want(approved, 0), 'not-needed'],
  ['nothing', headerOf([]), () => undefined, 'not-needed'],
] as [string, EntryHeader, (site: MemorySite) => void, string][])(
  'the gate turns away an entry with %s',
  async (_, header, setup, reason) => {
    expect(await gate(header, setup)).toEqual({ admit: false, reason });
  },
);

test('the gate admits what was approved, next to what is full', async () => {
  const setup = (site: MemorySite) => {
    want(approved)(site);
    for (let n = 0; n < 2; n++) site.hit(bucket, headerOf(['stack', 'environment']));
  };
  expect(await gate(headerOf(['stack', 'diagnostic-report']), setup)).toEqual({
    admit: true,
    credits: [{ demandId: 'd-1', scope: id, type: 'diagnostic-report', limit: 1 }],
  });
});

test('a denied type is turned away even if the site itself would ask for it, and a size limit holds', async () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    rules: [
      { type: 'environment', action: 'deny' },
      { type: 'stack', largerThan: 10, action: 'deny' },
    ],
  };
  expect(await gate(headerOf(['environment']), undefined, policy)).toMatchObject({
    reason: 'refused-by-policy',
  });
  expect(await gate(headerOf(['stack']), undefined, policy)).toMatchObject({ reason: 'refused-by-policy' });
  const small = { ...headerOf([]), parts: [describePart('stack', 'text/plain', new Uint8Array(10))] };
  expect(await gate(small, undefined, policy)).toMatchObject({ admit: true });
});

test('what the policy says is carried one way is asked of reporters and admitted, until so much of it is held', async () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    rules: [{ type: 'breadcrumbs', action: 'deny' }],
    standing: [{ program: 'sh*', type: ['packages', 'breadcrumbs'], count: 2, reason: 'we carry it' }],
  };
  const demands = withStanding([], { policy, to: VENDOR, now: NOW });
  const [standing, ...others] = asked({ holdings: full, demands, policy });
  expect(others).toEqual([]);
  expect(standing?.terms).toMatchObject({
    id: expect.stringMatching(/^site-standing-/),
    types: [{ type: 'packages', count: 2 }],
    reason: 'we carry it',
  });
  const held = { held: { ...full.held, packages: 2 }, pending: {} };
  expect(asked({ holdings: held, demands, policy })).toEqual([]);
  expect(asked({ holdings: full, demands, policy, programs: [] })).toEqual([]);
  expect(asked({ holdings: full, demands, policy, bucket: bucketOf('other'), programs: ['*'] })).toEqual([]);
  const site = new MemorySite();
  site.hit(bucket);
  const open = { store: site, policy, programs: ['shop'], now: NOW };
  expect(await siteGate(open)(headerOf(['packages']))).toMatchObject({ admit: false });
  expect(await siteGate({ ...open, to: VENDOR })(headerOf(['packages']))).toMatchObject({
    admit: true,
    credits: [{ demandId: standing?.terms.id, type: 'packages', limit: 2 }],
  });
  expect(await siteGate({ ...open, to: VENDOR })(headerOf(['breadcrumbs']))).toMatchObject({ admit: false });
});
