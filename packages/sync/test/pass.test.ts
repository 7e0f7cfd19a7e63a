import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { MAX_DEMAND_LIFE_MS } from '@fr/protocol';
import { generateSigningKey } from '@fr/protocol/signature';
import {
  createDemand,
  createPassRunner,
  DEFAULT_POLICY,
  type Ledger,
  ledgerSums,
  openLedger,
  type PassOptions,
  type PassSummary,
  previewPass,
  runPass,
  withdrawDemand,
} from '@fr/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  bucket,
  bucketOf,
  contentOf,
  decisionOn,
  demandOf,
  headerOf,
  id,
  NOW,
  VENDOR,
  vendorKey,
} from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

let folder: string;
let site: MemorySite;
let vendor: MemoryVendor;
let destination: RecordingDestination;
let ledger: Ledger;
let now = NOW;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-pass-'));
  site = new MemorySite();
  vendor = new MemoryVendor();
  destination = new RecordingDestination(vendor, site.diary);
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
  now = NOW;
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

function options(more: Partial<PassOptions> = {}): PassOptions {
  return {
    store: site,
    destination,
    policy: DEFAULT_POLICY,
    ledger,
    programs: ['shop'],
    pinned: vendorKey.keyId,
    to: VENDOR,
    now: () => {
      now += 1;
      return now;
    },
    ...more,
  };
}

const pass = (more: Partial<PassOptions> = {}): Promise<PassSummary> => runPass(options(more));

/** The ledger's sums equal what arrived, byte for byte. */
async function expectLedgerEqualsWire(): Promise<void> {
  const { total } = await ledgerSums(ledger.records());
  expect([total.headerBytes, total.payloadBytes]).toEqual([
    destination.bytes.header,
    destination.bytes.payload,
  ]);
  const frames = destination.frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  expect(total.headerBytes + total.payloadBytes).toBeGreaterThanOrEqual(frames);
  expect((await ledger.verify()).ok).toBe(true);
}

const ask = (types: readonly { type: string; count: number }[], more = {}) =>
  createDemand({
    pattern: { bucketId: id },
    types,
    reason: 'to understand it',
    author: 'support',
    key: vendorKey,
    store: vendor,
    now: NOW,
    ...more,
  });

test('the question comes before anything is decided, its mark before it, the receipt before the entry is marked', async () => {
  const headers = [
    headerOf(['stack', 'environment']),
    headerOf(['stack'], bucketOf('shop', 'tax.js#rate~1')),
    headerOf(['environment']),
  ];
  for (const header of headers) site.hit(header.bucket, header);
  const summary = await pass();
  const [a, b, c] = headers.map(({ entryId }) => entryId);
  expect(site.diary).toEqual([
    // The mark; what new demands are asked about; numbers and mark; nothing is left to be asked about.
    'settle',
    'offer 2',
    'settle',
    'replace',
    'quote',
    'settle',
    'settle',
    'settle',
    `load ${a}`,
    `load ${b}`,
    `load ${c}`,
    'settle',
    `load ${a}`,
    `load ${b}`,
    `load ${c}`,
    `upload ${a} stack`,
    `mark ${a}`,
    `upload ${b} stack`,
    `mark ${b}`,
    'quote',
  ]);
  expect(summary).toMatchObject({
    entries: 3,
    offered: 1,
    buckets: 2,
    uploaded: 2,
    demands: { received: 1, accepted: 1, rejected: [] },
  });
  expect(summary.decisions.map(({ verdict, result }) => [verdict, result])).toEqual([
    ['upload', 'stored'],
    ['upload', 'stored'],
    ['keep', undefined],
  ]);
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  await expectLedgerEqualsWire();
});

test('what arrives is the projection: same id, only what was asked for, byte for byte', async () => {
  const header = headerOf(['environment', 'stack', 'packages']);
  site.hit(bucket, header);
  await pass();
  const held = vendor.entries.get(header.entryId);
  expect(held?.header.parts).toEqual(header.parts.filter(({ type }) => type === 'stack'));
  const frame = held?.frame.toString('utf8') ?? '';
  expect(frame).toContain(Buffer.from(contentOf(header.entryId, 'stack')).toString('utf8'));
  expect(frame).not.toContain('content of environment');
  expect(frame).not.toContain('content of packages');
  expect(site.kept.get(header.entryId)?.receipts).toMatchObject([
    { to: VENDOR, types: ['stack'], demands: ['vendor-default'], digest: held?.digest },
  ]);
});

test('killed after the question, no payload byte leaves and every entry stays pending', async () => {
  site.hit(bucket, headerOf(['stack']));
  site.hit(bucket, headerOf(['stack']));
  destination.beforeUpload = () => {
    destination.dead = true;
  };
  const summary = await pass();
  expect(summary.failure).toMatchObject({ code: 'unreachable' });
  expect([summary.uploaded, summary.payloadBytes, destination.bytes.payload]).toEqual([0, 0, 0]);
  expect(site.states()).toEqual(['pending', 'pending']);
  await expectLedgerEqualsWire();
  destination.dead = false;
  destination.beforeUpload = () => undefined;
  expect(await pass()).toMatchObject({ uploaded: 1 });
  await expectLedgerEqualsWire();
});

test('an unreachable destination costs one attempt, and the cursor stays', async () => {
  site.hit(bucket, headerOf(['stack']));
  destination.dead = true;
  const summary = await pass();
  expect(summary).toMatchObject({ offered: 0, headerBytes: 0, failure: { code: 'unreachable' } });
  expect(site.diary).toEqual(['settle']);
  destination.dead = false;
  expect(await pass()).toMatchObject({ offered: 1, buckets: 1, uploaded: 1 });
});

test('never more than asked: two of five go, under one demand or the other', async () => {
  await ask([{ type: 'environment', count: 2 }]);
  for (let n = 0; n < 5; n++) site.hit(bucket, headerOf(['environment', 'stack']));
  const summary = await pass();
  expect(
    destination.diary.filter((line) => line.startsWith('upload')).map((line) => line.split(' ')[2]),
  ).toEqual(['environment+stack', 'environment']);
  expect(summary.decisions.map(({ verdict }) => verdict)).toEqual([
    'upload',
    'upload',
    'keep',
    'keep',
    'keep',
  ]);
  expect(await pass()).toMatchObject({ uploaded: 0, buckets: 0 });
  await expectLedgerEqualsWire();
});

test('a count for the demand as a whole holds over all its buckets', async () => {
  await ask([{ type: 'environment', count: 3 }], { pattern: { program: 'shop' }, each: 'demand' });
  for (let n = 0; n < 5; n++) {
    const where = bucketOf('shop', `place-${n}`);
    site.hit(where, headerOf(['environment'], where));
  }
  expect((await pass()).uploaded).toBe(3);
  expect((await pass()).uploaded).toBe(0);
});

test('a destination that goes on asking never gets more than the signed terms say', async () => {
  for (let n = 0; n < 5; n++) site.hit(bucket, headerOf(['stack']));
  destination.tamper = (reply) => ({
    ...reply,
    quotas:
      reply.quotas.length > 0
        ? reply.quotas.map((quota) => ({ ...quota, count: 5 }))
        : [{ demandId: 'vendor-default', bucketId: id, type: 'stack', count: 5 }],
  });
  expect((await pass()).uploaded).toBe(1);
  expect((await pass()).uploaded).toBe(0);
  expect((await pass()).decisions.map(({ verdict }) => verdict)).toEqual(['keep', 'keep', 'keep', 'keep']);
});

test('a mismatch brings the demand down, approval lets it go, the next failure brings it, and then it is met', async () => {
  site.hit(bucket, headerOf(['stack']));
  await pass();
  const { demand } = await ask([{ type: 'diagnostic-report', count: 1 }]);
  site.hit(bucket, headerOf(['stack']));
  expect(await pass()).toMatchObject({ uploaded: 0, payloadBytes: 0, demands: { accepted: 2 } });
  expect(site.demandsKept.map((stored) => stored.demand.terms.id)).toContain(demand.terms.id);
  const report = headerOf(['stack', 'diagnostic-report']);
  site.hit(bucket, report);
  const waiting = await pass();
  expect(waiting.decisions.at(-1)).toMatchObject({ verdict: 'await-approval', types: ['diagnostic-report'] });
  site.approve(demand.terms.id, decisionOn(demand));
  expect((await pass()).decisions.map(({ verdict }) => verdict)).toEqual(['ask-to-collect', 'upload']);
  expect(vendor.entries.get(report.entryId)?.header.parts.map(({ type }) => type)).toEqual([
    'diagnostic-report',
  ]);
  expect(vendor.demandsKept.find((stored) => stored.demand.terms.id === demand.terms.id)?.closedAt).toBe(NOW);
  site.hit(bucket, headerOf(['stack', 'diagnostic-report']));
  expect(await pass()).toMatchObject({ uploaded: 0, payloadBytes: 0, buckets: 1 });
  expect(
    site.demandsKept.find((stored) => stored.demand.terms.id === demand.terms.id)?.closedAt,
  ).toBeDefined();
  await expectLedgerEqualsWire();
});

test('a changed demand voids the approval', async () => {
  const { demand } = await ask([{ type: 'packages', count: 1 }]);
  site.hit(bucket, headerOf(['packages']));
  await pass();
  site.approve(demand.terms.id, decisionOn(demand));
  const wider = demandOf([{ type: 'packages', count: 9 }], {
    ...demand.terms,
    version: demand.terms.version + 1,
    types: [{ type: 'packages', count: 9 }],
  });
  await vendor.demands.put({ demand: wider, source: 'own', seenAt: NOW });
  expect((await pass()).decisions).toMatchObject([{ verdict: 'await-approval' }]);
});

test('nothing of a program that is not listed leaves, and listing it later tells of its old buckets', async () => {
  const secret = bucketOf('secret-tool');
  site.hit(secret, headerOf(['stack'], secret));
  site.hit(bucket);
  const quiet = await pass();
  expect(quiet.buckets).toBe(1);
  expect(destination.text()).toContain('shop');
  expect(destination.text()).not.toContain('secret');
  expect(quiet.decisions).toMatchObject([{ verdict: 'keep', reason: expect.stringContaining('not listed') }]);
  expect(await pass({ programs: ['shop', 'secret-tool'] })).toMatchObject({ buckets: 2, uploaded: 1 });
  expect(destination.text()).toContain('secret');
});

test('only what changed is offered again, and an offer without buckets still brings demands down', async () => {
  site.hit(bucket);
  expect((await pass()).buckets).toBe(1);
  expect(await pass()).toMatchObject({ offered: 1, buckets: 0 });
  site.hit(bucket);
  expect((await pass()).buckets).toBe(1);
  const told = destination.offers.map(({ buckets, numbered = [] }) => [buckets, numbered]);
  expect(told).toMatchObject([
    [[{ hits: 1, number: 1 }], []],
    [[], []],
    [[], [{ hits: 2, number: 1 }]],
  ]);
});

test('more buckets than one offer may hold go in several, and each is told once', async () => {
  vendor.pageSize = 1000;
  for (let n = 0; n < 2500; n++) site.hit(bucketOf('shop', `place-${n}`));
  expect(await pass()).toMatchObject({ offered: 3, buckets: 2500 });
  expect((await pass()).buckets).toBe(0);
});

test('buckets with long names are split so that every offer stays a message', async () => {
  vendor.pageSize = 1000;
  for (let n = 0; n < 900; n++)
    site.hit({
      ...bucketOf('shop', `${n} ${'é'.repeat(500)}`),
      module: 'ü'.repeat(512),
      moduleVersion: '€'.repeat(512),
      programVersion: '€'.repeat(512),
    });
  expect(await pass()).toMatchObject({ offered: 2, buckets: 900, demands: { accepted: 1 } });
});

test('killed between upload and mark: sent again, known there, marked here, held there once', async () => {
  const header = headerOf(['stack']);
  site.hit(bucket, header);
  site.crashBeforeMark = true;
  expect((await pass()).failure).toMatchObject({ message: 'killed before the mark' });
  expect(site.states()).toEqual(['pending']);
  site.crashBeforeMark = false;
  await ledger.close();
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
  const again = await pass();
  expect(again.decisions).toMatchObject([{ verdict: 'upload', result: 'duplicate' }]);
  expect(site.states()).toEqual(['uploaded']);
  expect(vendor.entries.size).toBe(1);
  await expectLedgerEqualsWire();
});

test('an entry without word of its arrival is not sent again once the policy denies it', async () => {
  site.hit(bucket, headerOf(['stack']));
  site.crashBeforeMark = true;
  await pass();
  site.crashBeforeMark = false;
  const { payload } = destination.bytes;
  const denying = { ...DEFAULT_POLICY, rules: [{ type: 'stack', action: 'deny' }] } as const;
  expect((await pass({ policy: denying })).decisions).toMatchObject([{ verdict: 'refuse' }]);
  expect((await pass({ programs: [] })).decisions).toMatchObject([{ verdict: 'keep' }]);
  expect(destination.bytes.payload).toBe(payload);
});

test('an entry that never arrived and is no longer needed is asked about once, and kept', async () => {
  site.hit(bucket, headerOf(['stack']));
  const upload = destination.upload.bind(destination);
  destination.upload = async () => {
    throw new Error('connection reset');
  };
  await pass();
  destination.upload = upload;
  vendor.creditsKept.set('x', { demandId: 'vendor-default', scope: id, type: 'stack', accepted: 1 });
  expect((await pass()).decisions).toMatchObject([{ verdict: 'upload', result: 'not-needed' }]);
  expect((await pass()).decisions).toMatchObject([{ verdict: 'keep' }]);
});

test('a receipt for something else than was sent marks nothing', async () => {
  site.hit(bucket, headerOf(['stack']));
  destination.upload = async () => ({ result: 'stored', digest: `sha256:${'0'.repeat(64)}` });
  expect((await pass()).decisions).toMatchObject([{ result: 'refused' }]);
  expect(site.states()).toEqual(['pending']);
});

test('a reply that was lost leaves the entry pending and the attempt in the ledger as unknown', async () => {
  site.hit(bucket, headerOf(['stack']));
  destination.afterStored = () => {
    throw new Error('connection reset');
  };
  expect(await pass()).toMatchObject({ uploaded: 0, failure: { message: 'connection reset' } });
  const outcomes: unknown[] = [];
  for await (const record of ledger.records()) outcomes.push(record.outcome);
  expect(outcomes).toEqual([undefined, 'delivered', undefined, 'unknown']);
  expect(site.states()).toEqual(['pending']);
  await expectLedgerEqualsWire();
});

test('"not needed" keeps the entry, and no other is tried for it in this pass', async () => {
  site.hit(bucket, headerOf(['stack']));
  site.hit(bucket, headerOf(['stack']));
  vendor.creditsKept.set('x', { demandId: 'vendor-default', scope: id, type: 'stack', accepted: 1 });
  destination.tamper = (reply) => ({
    ...reply,
    quotas: [{ demandId: 'vendor-default', bucketId: id, type: 'stack', count: 1 }],
  });
  const summary = await pass();
  expect(summary.decisions).toMatchObject([{ verdict: 'upload', result: 'not-needed' }, { verdict: 'keep' }]);
  expect(summary).toMatchObject({ uploaded: 0 });
  expect(summary.failure).toBeUndefined();
  expect(site.states()).toEqual(['pending', 'pending']);
});

test('an entry that is refused for its own sake is tried three times and then left alone; others go', async () => {
  const where = bucketOf('shop', 'elsewhere');
  const refused = headerOf(['stack']);
  site.hit(bucket, refused);
  site.hit(where, headerOf(['stack'], where));
  const upload = destination.upload.bind(destination);
  destination.upload = async (header, ...rest) =>
    header.entryId === refused.entryId
      ? { result: 'refused', code: 'too-large', detail: 'too large for us' }
      : upload(header, ...rest);
  const results = [];
  for (let n = 0; n < 4; n++) results.push((await pass()).decisions[0]);
  expect(results.map((one) => [one?.verdict, one?.result])).toEqual([
    ['upload', 'refused'],
    ['upload', 'refused'],
    ['upload', 'refused'],
    ['keep', undefined],
  ]);
  expect(vendor.entries.size).toBe(1);
});

test('a reply under another key is not believed at all', async () => {
  site.hit(bucket, headerOf(['stack']));
  destination.tamper = (reply) => ({ ...reply, key: generateSigningKey().publicKey });
  expect(await pass()).toMatchObject({ uploaded: 0, payloadBytes: 0, failure: { code: 'foreign-key' } });
  expect(site.diary.filter((line) => line !== 'settle')).toEqual(['offer 1']);
  await expectLedgerEqualsWire();
});

const terms = [{ type: 'stack', count: 1 }];
test.each([
  ['foreign-key', demandOf(terms, {}, generateSigningKey())],
  [
    'bad-signature',
    { ...demandOf(terms), terms: { ...demandOf(terms).terms, types: [{ type: 'stack', count: 99 }] } },
  ],
  ['expired', demandOf(terms, { until: NOW })],
  ['too-long', demandOf(terms, { until: NOW + 2 * MAX_DEMAND_LIFE_MS })],
  ['rolled-back', demandOf(terms, { id: 'd-known', version: 4 })],
  ['reserved-id', demandOf(terms, { id: 'site-default' })],
  ['id-of-another-source', demandOf(terms, { id: 'd-own' })],
])(
  'a demand that is %s is left out with that reason, and the rest of the reply holds',
  async (reason, demand) => {
    site.hit(bucket, headerOf(['stack', 'environment']));
    site.demandsKept = [
      { demand: demandOf(terms, { id: 'd-known', version: 5 }), source: VENDOR, seenAt: 1, closedAt: 2 },
      { demand: demandOf(terms, { id: 'd-own' }), source: 'own', seenAt: 1 },
    ];
    destination.tamper = (reply) => ({
      ...reply,
      demands: [demand, ...(reply.demands ?? [])],
      quotas: [{ demandId: demand.terms.id, bucketId: id, type: 'stack', count: 1 }, ...reply.quotas],
    });
    const summary = await pass();
    expect(summary.demands).toMatchObject({
      accepted: 1,
      quotas: 1,
      quotasLeftOut: 1,
      rejected: [{ demandId: demand.terms.id, reason }],
    });
    expect(summary.decisions).toMatchObject([{ types: ['stack'], demands: ['vendor-default'] }]);
  },
);

test('a quota for a bucket that was never offered is left out', async () => {
  const secret = bucketOf('secret-tool');
  site.hit(secret, headerOf(['stack'], secret));
  site.hit(bucket);
  destination.tamper = (reply) => ({
    ...reply,
    quotas: [secret, bucketOf('shop', 'unknown')].map((where) => ({
      demandId: 'vendor-default',
      bucketId: bucketId(where),
      type: 'stack',
      count: 1,
    })),
  });
  expect(await pass()).toMatchObject({ uploaded: 0, demands: { quotas: 0, quotasLeftOut: 2 } });
});

test('a thousand demands for six types each, signed by the right key, move nothing the policy does not allow', async () => {
  const types = ['heap-snapshot', 'core', 'attachment:app-log', 'diagnostic-report', 'x-own', 'unheard-of'];
  site.hit(bucket, headerOf(types));
  const demands = Array.from({ length: 1000 }, (_, n) =>
    demandOf(
      types.map((type) => ({ type, count: 1_000_000 })),
      { id: `d-${n}` },
    ),
  );
  destination.tamper = (reply) => ({
    ...reply,
    demands,
    quotas: demands.flatMap(({ terms: { id: demandId } }) =>
      types.map((type) => ({ demandId, bucketId: id, type, count: 1_000_000 })),
    ),
  });
  expect(await pass()).toMatchObject({ uploaded: 0, payloadBytes: 0, demands: { accepted: 1000 } });
});

test('a mark that this disk has never sent opens a new epoch: what was counted is told of the old one, and on from zero', async () => {
  site.hit(bucket);
  site.hit(bucket);
  await pass();
  // Somebody else has told something in this site's name.
  const name = [...vendor.settingsKept.keys()].find((key) => key.startsWith('told '));
  const told = vendor.settingsKept.get(name ?? '') as object;
  vendor.settingsKept.set(name ?? '', { ...told, mark: { cursor: 9, nonce: 99 } });
  site.hit(bucket);
  expect(await pass()).toMatchObject({ newEpoch: 2 });
  site.hit(bucket);
  expect((await pass()).newEpoch).toBeUndefined();
  const totals = [...vendor.totals.values()].map(({ hits }) => hits);
  expect(totals).toEqual([3, 1]);
});

test('closed epochs are told again until a mark behind them comes back: a backup put back meanwhile takes nothing away', async () => {
  site.hit(bucket);
  site.hit(bucket);
  await site.identity.openEpoch();
  site.hit(bucket);
  // The closed epoch arrives and so does the mark behind it, but of the mark no word comes back.
  destination.tamper = (reply) => {
    if (reply.mark) throw new Error('no answer');
    return reply;
  };
  expect((await pass()).failure).toBeDefined();
  expect([...vendor.totals.values()].map(({ hits }) => hits)).toEqual([2, 1]);
  vendor.totals.clear();
  vendor.settingsKept.clear();
  destination.tamper = (reply) => reply;
  expect((await pass()).newEpoch).toBeUndefined();
  expect([...vendor.totals.values()].map(({ hits }) => hits)).toEqual([2, 1]);
  // Once it has, no more.
  destination.offers.length = 0;
  await pass();
  expect(destination.offers.map(({ origin }) => origin.epoch)).toEqual([2]);
});

test('nothing leaves when the ledger cannot be written', async () => {
  site.hit(bucket, headerOf(['stack']));
  const broken = await openLedger(join(folder, 'broken.jsonl'), {
    sync: async () => {
      throw new Error('EIO');
    },
  });
  expect((await pass({ ledger: broken })).failure).toMatchObject({ code: 'ledger-failed' });
  expect(destination.offers).toEqual([]);
  await broken.close();
});

test('an aborted pass sends nothing more and says so', async () => {
  site.hit(bucket, headerOf(['stack']));
  const abort = new AbortController();
  destination.tamper = (reply) => {
    abort.abort();
    return reply;
  };
  expect(await pass({ signal: abort.signal })).toMatchObject({
    offered: 1,
    uploaded: 0,
    failure: { code: 'aborted' },
  });
  expect(site.states()).toEqual(['pending']);
});

test('two passes at once are one', async () => {
  site.hit(bucket, headerOf(['stack']));
  const runner = createPassRunner((signal) => pass({ signal }));
  const [a, b] = await Promise.all([runner.run(), runner.run()]);
  expect(a).toBe(b);
  expect(destination.offers.length).toBe(1);
  expect(await runner.run()).toMatchObject({ buckets: 0 });
  expect(runner.isRunning()).toBe(false);
});

test('an entry that cannot be read is left alone, and the others go', async () => {
  const damaged = headerOf(['stack']);
  site.hit(bucket, damaged);
  site.hit(bucket, headerOf(['stack']));
  const read = site.entries.read.bind(site.entries);
  site.entries.read = async (entryId) => {
    if (entryId === damaged.entryId) throw new Error('its hash does not fit');
    return read(entryId);
  };
  const summary = await pass();
  expect(summary.failure).toBeUndefined();
  expect(summary.decisions).toMatchObject([
    { verdict: 'keep', reason: 'it cannot be read: its hash does not fit' },
    { verdict: 'upload', result: 'stored' },
  ]);
});

test('a preview says what the next pass sends, and sends nothing', async () => {
  site.hit(bucket, headerOf(['stack']));
  await pass();
  await ask([{ type: 'environment', count: 1 }], { pattern: { program: 'shop' }, each: 'bucket' });
  await pass();
  const header = headerOf(['environment', 'stack']);
  site.hit(bucket, header);
  site.hit(bucket, headerOf(['environment']));
  const diary = destination.diary.filter((line) => /offer|upload/.test(line)).length;
  const preview = await previewPass(options());
  expect(destination.diary.filter((line) => /offer|upload/.test(line)).length).toBe(diary);
  const summary = await pass();
  expect(preview.decisions.map(({ entryId, verdict, types }) => [entryId, verdict, types])).toEqual(
    summary.decisions.map(({ entryId, verdict, types }) => [entryId, verdict, types]),
  );
  expect([preview.headerBytes, preview.payloadBytes, preview.buckets.length]).toEqual([
    summary.headerBytes,
    summary.payloadBytes,
    1,
  ]);
});

test('a preview shows a thousand of what goes and of what stays, and counts and tells the rest', async () => {
  await vendor.demands.put({
    demand: demandOf([{ type: 'packages', count: 1_200 }]),
    source: 'own',
    seenAt: NOW,
  });
  site.hit(bucket);
  await pass();
  for (let entry = 0; entry < 1_100; entry += 1) {
    site.hit(bucket, headerOf(['packages']));
    site.hit(bucket, headerOf(['log-tail']));
  }
  const rules = [{ type: 'packages', action: 'allow' }] as const;
  const told: string[] = [];
  const preview = await previewPass({
    ...options({ policy: { ...DEFAULT_POLICY, rules } }),
    onDecision: ({ verdict }) => told.push(verdict),
  });
  const shown = Map.groupBy(preview.decisions, ({ verdict }) => verdict);
  expect([shown.get('upload')?.length, preview.decisions.length, told.length]).toEqual([1_000, 2_000, 2_200]);
  expect(preview.verdicts.upload).toBe(1_100);
  expect(Object.values(preview.verdicts).reduce((sum, count) => sum + count, 0)).toBe(2_200);
  // The bytes are those of all that go.
  const one = contentOf('00000000-0000-0000-0000-000000000000', 'packages').byteLength;
  expect(preview.payloadBytes).toBe(1_100 * one);
});

test('a withdrawn demand is no longer listed and closes at the site', async () => {
  const { demand } = await ask([{ type: 'core', count: 1 }]);
  site.hit(bucket);
  await pass();
  expect(await withdrawDemand({ id: demand.terms.id, store: vendor, now: NOW })).toBe(true);
  expect(await withdrawDemand({ id: demand.terms.id, store: vendor, now: NOW })).toBe(false);
  await pass();
  expect(
    site.demandsKept.find((stored) => stored.demand.terms.id === demand.terms.id)?.closedAt,
  ).toBeDefined();
});
