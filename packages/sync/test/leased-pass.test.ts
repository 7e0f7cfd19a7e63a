import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  answerReporterLeases,
  createDemand,
  createLeaseDesk,
  DEFAULT_POLICY,
  type LeaseDesk,
  type Ledger,
  ledgerSums,
  openLedger,
  type PassSummary,
  runPass,
} from '@fr/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucket, decisionOn, headerOf, id, NOW, VENDOR, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

const MINUTE = 60_000;

/** One site with its ledger and its line to the vendor. */
interface Party {
  readonly site: MemorySite;
  readonly destination: RecordingDestination;
  readonly ledger: Ledger;
  pass: () => Promise<PassSummary>;
}

let folder: string;
let vendor: MemoryVendor;
let desk: LeaseDesk;
let now = NOW;
let parties: Party[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-leased-'));
  vendor = new MemoryVendor();
  desk = createLeaseDesk({ now: () => now, elapsed: () => now });
  now = NOW;
  parties = [];
});
afterEach(async () => {
  for (const { ledger } of parties) await ledger.close();
  await rm(folder, { recursive: true });
});

async function party(name: string): Promise<Party> {
  const site = new MemorySite();
  const destination = new RecordingDestination(vendor, site.diary, undefined, name);
  destination.leases = desk;
  const ledger = await openLedger(join(folder, `${name}.jsonl`));
  const pass = (): Promise<PassSummary> => {
    destination.now = now;
    return runPass({
      store: site,
      destination,
      policy: DEFAULT_POLICY,
      ledger,
      programs: ['shop'],
      pinned: vendorKey.keyId,
      to: VENDOR,
      now: () => now,
    });
  };
  const made = { site, destination, ledger, pass };
  parties.push(made);
  return made;
}

const create = (type: string, count: number, more: object = {}) =>
  createDemand({
    pattern: { bucketId: id },
    types: [{ type, count }],
    reason: 'to understand it',
    author: 'support',
    key: vendorKey,
    store: vendor,
    now,
    ...more,
  });

/** Every byte on the wire is in the ledger, and no other. */
async function expectLedgerEqualsWire({ ledger, destination }: Party): Promise<void> {
  const { total } = await ledgerSums(ledger.records());
  expect([total.headerBytes, total.payloadBytes]).toEqual([
    destination.bytes.header,
    destination.bytes.payload,
  ]);
}

test('what an offer names has its leases in the reply: no question more, one upload for one sample wanted', async () => {
  const one = await party('one');
  const other = await party('other');
  for (const { site } of [one, other]) site.hit(bucket, headerOf(['stack']));
  const first = await one.pass();
  const second = await other.pass();
  expect(first.decisions.map(({ result }) => result)).toEqual(['stored']);
  expect(one.destination.diary.filter((line) => /offer|lease|upload/.test(line))).toHaveLength(2);
  expect(second.uploaded).toBe(0);
  expect(second.payloadBytes).toBe(0);
});

test('100 sites have the sample that is wanted once: one sends it, and no payload of another leaves', async () => {
  await create('stack', 1, { pattern: { program: 'shop' } });
  const many = await Promise.all(Array.from({ length: 100 }, (_, n) => party(`s${n}`)));
  for (const { site } of many) site.hit(bucket, headerOf(['stack']));
  // The vendor's automatic demand is met by the same stack.
  const summaries = await Promise.all(many.map(({ pass }) => pass()));
  expect(summaries.reduce((sum, { uploaded }) => sum + uploaded, 0)).toBe(1);
  expect(summaries.filter(({ payloadBytes }) => payloadBytes > 0)).toHaveLength(1);
  expect(summaries.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  for (const each of many) await expectLedgerEqualsWire(each);
});

test('a site that died with a lease stands in the way for ten minutes, and then another brings it', async () => {
  const dying = await party('dying');
  const living = await party('living');
  for (const { site } of [dying, living]) site.hit(bucket, headerOf(['stack']));
  dying.destination.beforeUpload = () => {
    throw new Error('killed');
  };
  expect((await dying.pass()).uploaded).toBe(0);
  const refused = await living.pass();
  expect(refused.decisions).toMatchObject([
    { verdict: 'keep', reason: 'not now: others have the leases for it' },
  ]);
  now += 9 * MINUTE;
  expect((await living.pass()).uploaded).toBe(0);
  now += 2 * MINUTE;
  expect((await living.pass()).uploaded).toBe(1);
  expect(living.destination.diary.filter((line) => line.startsWith('lease'))).toEqual([
    'lease deliver 1',
    'lease deliver 1',
  ]);
  await expectLedgerEqualsWire(living);
});

test('leases for what waits for an approval are given back at once, and asked for when it was approved', async () => {
  await create('diagnostic-report', 1);
  const slow = await party('slow');
  const quick = await party('quick');
  for (const { site } of [slow, quick]) site.hit(bucket, headerOf(['diagnostic-report']));
  await slow.pass();
  expect(slow.destination.diary.filter((line) => line.startsWith('lease'))).toEqual(['lease deliver 0']);
  const demand = (await vendor.demands.list()).find(
    ({ demand: { terms } }) => terms.author === 'support',
  )?.demand;
  if (!demand) throw new Error('no demand');
  await quick.pass();
  quick.site.approve(demand.terms.id, decisionOn(demand));
  expect((await quick.pass()).uploaded).toBe(1);
  expect(quick.destination.diary.filter((line) => line.startsWith('lease'))).toEqual([
    'lease deliver 0',
    'lease deliver 1',
  ]);
  await expectLedgerEqualsWire(quick);
});

test('a lease that was over before its upload began is said to be, and the entry goes with the next pass', async () => {
  const late = await party('late');
  late.site.hit(bucket, headerOf(['stack']));
  late.destination.beforeUpload = () => {
    now += 11 * MINUTE;
  };
  const summary = await late.pass();
  expect(summary.decisions).toMatchObject([{ verdict: 'upload', result: 'unleased' }]);
  expect([summary.uploaded, late.site.states()]).toEqual([0, ['pending']]);
  late.destination.beforeUpload = () => undefined;
  expect((await late.pass()).uploaded).toBe(1);
});

test('what was sent without word of its arrival goes again without a lease, and is found to be there', async () => {
  const unlucky = await party('unlucky');
  unlucky.site.hit(bucket, headerOf(['stack']));
  unlucky.destination.afterStored = () => {
    throw new Error('the line went dead');
  };
  expect((await unlucky.pass()).failure).toBeDefined();
  unlucky.destination.afterStored = () => undefined;
  expect((await unlucky.pass()).decisions).toMatchObject([{ verdict: 'upload', result: 'duplicate' }]);
  expect(vendor.entries.size).toBe(1);
});

test('of a lease for more than goes the rest is given back, so that others bring it with their next pass', async () => {
  await create('stack', 4, { pattern: { program: 'shop' } });
  const one = await party('one');
  const other = await party('other');
  for (const { site } of [one, one, one, other, other]) site.hit(bucket, headerOf(['stack']));
  // What was refused three times is not sent again, and held all the same.
  const [refused] = [...one.site.kept.keys()];
  for (let times = 0; times < 3; times++) {
    const event = { at: now, to: VENDOR, demands: [], headerBytes: 1, payloadBytes: 1, digest: 'sha256:0' };
    const { seq } = await one.ledger.append({
      ...event,
      kind: 'entry',
      entryId: refused ?? '',
      types: ['stack'],
    });
    const reason = 'refused: malformed';
    await one.ledger.append({ ...event, kind: 'outcome', outcomeOf: seq, outcome: 'failed', reason });
  }
  expect((await one.pass()).uploaded).toBe(2);
  expect(one.destination.diary.filter((line) => line.startsWith('lease'))).toEqual(['lease deliver 0']);
  expect((await other.pass()).uploaded).toBe(2);
});

/** What the site tells a reporter that asks for a lease. */
function reporterAsks(
  { site }: Party,
  leases: LeaseDesk,
  purpose: 'collect' | 'deliver',
  demandId: string,
  holder = '0199f0aa-5c00-7000-8000-0000000000d1',
) {
  return answerReporterLeases({
    store: {
      ...site,
      queries: site.queries,
      settings: site.settings,
      demands: site.demands,
      quotas: site.quotas,
    },
    desk: leases,
    policy: DEFAULT_POLICY,
    programs: ['shop'],
    request: {
      protocol: 1,
      holder,
      asks: [{ demandId, bucketId: id, type: 'heap-snapshot', for: purpose, count: 1 }],
    },
    caller: 'key',
    now,
  });
}

test('of five sites that may collect a heap snapshot four wait for it, and their reporters’ leases lie within theirs', async () => {
  await create('heap-snapshot', 1);
  const five = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(party));
  const answers = [];
  let demandId = '';
  for (const each of five) {
    each.site.hit(bucket);
    await each.pass();
    const stored = each.site.demandsKept.find(({ demand }) => demand.terms.author === 'support');
    demandId = stored?.demand.terms.id ?? '';
    if (stored) each.site.approve(demandId, decisionOn(stored.demand));
    await each.pass();
    const leases = createLeaseDesk({ now: () => now, elapsed: () => now });
    answers.push(await reporterAsks(each, leases, 'collect', demandId));
  }
  expect(answers.map(({ given }) => given.length)).toEqual([1, 1, 1, 1, 0]);
  expect(answers[4]?.refused).toMatchObject([{ reason: 'leased-out' }]);
  // A day above, so nine tenths of it at most below.
  expect(answers[0]?.given[0]?.expiresInMs).toBe(0.9 * 24 * 60 * MINUTE);
  const [first] = five;
  if (!first) throw new Error('nobody');
  const leases = createLeaseDesk({ now: () => now, elapsed: () => now });
  now += 24 * 60 * MINUTE - 10 * MINUTE;
  expect((await reporterAsks(first, leases, 'collect', demandId)).given[0]?.expiresInMs).toBe(9 * MINUTE);
  await expectLedgerEqualsWire(first);
});

/** A site that wants heap snapshots and has leave to collect them, and the desk its reporters ask. */
async function collectingSite(count: number) {
  await create('heap-snapshot', count);
  const one = await party('one');
  one.site.hit(bucket);
  await one.pass();
  const stored = one.site.demandsKept.find(({ demand }) => demand.terms.author === 'support');
  if (!stored) throw new Error('no demand');
  const demandId = stored.demand.terms.id;
  const leases = createLeaseDesk({ now: () => now, elapsed: () => now });
  const asks = (who: number, purpose: 'collect' | 'deliver' = 'collect') =>
    reporterAsks(one, leases, purpose, demandId, `0199f0aa-5c00-7000-8000-0000000000d${who}`);
  const approve = () => one.site.approve(demandId, decisionOn(stored.demand));
  return { asks, approve, pass: one.pass };
}

test('a reporter that dies with the lease to collect delays the next for ten minutes, and may itself be alive', async () => {
  const { asks, approve, pass } = await collectingSite(2);
  expect((await asks(1)).refused).toMatchObject([{ reason: 'not-wanted' }]);
  approve();
  await pass();
  const [lease] = (await asks(1)).given;
  expect((await asks(2)).refused).toMatchObject([{ reason: 'leased-out', retryAfterMs: 10 * MINUTE }]);
  now += 10 * MINUTE;
  expect((await asks(2)).given).toHaveLength(1);
  expect((await asks(1)).given[0]?.fence).toBe(lease?.fence);
  expect((await asks(3)).refused).toMatchObject([{ retryAfterMs: 20 * MINUTE }]);
});

test('what was collected is brought whoever still waits to collect it, and nobody begins to wait meanwhile', async () => {
  const { asks, approve, pass } = await collectingSite(1);
  approve();
  await pass();
  await asks(1);
  now += 10 * MINUTE;
  await asks(2);
  expect((await asks(1, 'deliver')).given).toHaveLength(1);
  expect((await asks(2, 'deliver')).refused).toMatchObject([
    { reason: 'leased-out', retryAfterMs: 2 * MINUTE },
  ]);
  now += MINUTE;
  expect((await asks(3)).refused).toMatchObject([{ reason: 'leased-out' }]);
  now += MINUTE;
  expect((await asks(2, 'deliver')).given).toHaveLength(1);
});

test('without a word from above a lease to collect lasts an hour, and twice as long each time that was too short', async () => {
  const { asks, approve } = await collectingSite(1);
  approve();
  const lasted: unknown[] = [];
  for (const who of [1, 2, 3]) {
    const [lease] = (await asks(who)).given;
    lasted.push(lease?.expiresInMs);
    now += lease?.expiresInMs ?? 0;
  }
  expect(lasted).toEqual([60, 120, 240].map((minutes) => minutes * MINUTE));
});

test('sites that hold the leases to collect and never fail again make way for the fifth after an hour', async () => {
  await create('heap-snapshot', 1);
  const five = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(party));
  for (const each of five) {
    each.site.hit(bucket);
    await each.pass();
    const stored = each.site.demandsKept.find(({ demand }) => demand.terms.author === 'support');
    if (stored) each.site.approve(stored.demand.terms.id, decisionOn(stored.demand));
    await each.pass();
  }
  const [, , , , fifth] = five;
  const demandId = fifth?.site.demandsKept.find(({ demand }) => demand.terms.author === 'support')?.demand
    .terms.id;
  if (!fifth || demandId === undefined) throw new Error('nobody');
  const leases = createLeaseDesk({ now: () => now, elapsed: () => now });
  expect((await reporterAsks(fifth, leases, 'collect', demandId)).given).toEqual([]);
  now += 60 * MINUTE;
  for (const each of five) await each.pass();
  expect((await reporterAsks(fifth, leases, 'collect', demandId)).given).toHaveLength(1);
});

/** A site whose leases last less than a second, and whose uploads take longer. */
async function slowParty(): Promise<Party> {
  const slow = await party('slow');
  slow.site.hit(bucket, headerOf(['stack']));
  slow.destination.tamper = (reply) => ({
    ...reply,
    ...(reply.leases && {
      leases: { ...reply.leases, given: reply.leases.given.map((lease) => ({ ...lease, expiresInMs: 900 })) },
    }),
  });
  const began = performance.now();
  slow.pass = () => {
    slow.destination.now = NOW;
    return runPass({
      store: slow.site,
      destination: slow.destination,
      policy: DEFAULT_POLICY,
      ledger: slow.ledger,
      programs: ['shop'],
      pinned: vendorKey.keyId,
      to: VENDOR,
      now: () => NOW + Math.floor(performance.now() - began),
    });
  };
  slow.destination.beforeUpload = () => new Promise((go) => setTimeout(go, 1_500));
  return slow;
}

test('a lease is renewed while a long upload is under way, and that is in the ledger', async () => {
  const slow = await slowParty();
  expect((await slow.pass()).uploaded).toBe(1);
  expect(slow.destination.diary.filter((line) => line.startsWith('lease'))).toEqual(['lease deliver 1']);
  expect((await ledgerSums(slow.ledger.records())).leases.count).toBe(1);
  await expectLedgerEqualsWire(slow);
});

test('an upload is broken off when its lease is not renewed, and goes with a later pass', async () => {
  const slow = await slowParty();
  const renew = slow.destination.lease.bind(slow.destination);
  slow.destination.lease = async () => ({
    given: [],
    refused: [{ demandId: 'd-1', bucketId: id, type: 'stack', for: 'deliver', reason: 'leased-out' }],
  });
  const summary = await slow.pass();
  expect(summary.failure?.code).toBe('lease-over');
  expect([summary.uploaded, slow.site.states(), vendor.entries.size]).toEqual([0, ['pending'], 0]);
  slow.destination.lease = renew;
  expect((await slow.pass()).uploaded).toBe(1);
});
