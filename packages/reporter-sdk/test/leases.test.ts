import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FailureFacts } from '../src/spool/failure-facts.ts';
import { runReporter, temporaryFolder } from './support/process.ts';
import { demandFor, givesAll, refusesAll, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, namesIn, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
let facts: FailureFacts;

/** A failure of a program with a log of 100 KB, of which log and stack are wanted. */
beforeEach(async () => {
  site = await startSite();
  const folder = temporaryFolder();
  spool = join(folder, 'spool');
  const log = join(folder, 'till.log');
  writeFileSync(log, 'a line of the log\n'.repeat(6_000));
  facts = leaveFailure(spool, {
    consent: 'full',
    declared: ['stack', 'log-tail'],
    files: { 'log-tail': { path: log, maxBytes: 200_000, take: 'tail' } },
  });
  site.demands = () => [demandFor(bucketOfFacts(facts), ['stack', 'log-tail'], site.key, { id: 'd-log' })];
});
afterEach(() => site.close());

const deliver = () => runReporter(['deliver', '--spool', spool], { FR_SERVER: site.url, FR_CONSENT: 'full' });
const receipt = () => spoolState(spool).receipts.at(-1);
const bytes = () => site.entries.map(({ parts }) => parts['log-tail']?.length ?? 0);

it('asks for a lease for what is heavy, and shows its fence with what it brings', async () => {
  site.leases = givesAll(176_000_000_000_001);
  await deliver();
  expect(site.leaseRequests).toMatchObject([
    { asks: [{ demandId: 'd-log', type: 'log-tail', for: 'deliver', count: 1 }] },
  ]);
  expect(site.entries).toMatchObject([{ fences: '176000000000001' }]);
  expect(bytes()).toEqual([108_000]);
  expect(receipt()?.entry).toMatchObject({ result: 'stored', types: ['stack', 'log-tail'] });
});

it.each([
  ['leased-out', 'leased-to-another'],
  ['not-wanted', 'not-wanted-any-more'],
] as const)('brings the rest where the lease is %s, and says so', async (reason, why) => {
  site.leases = refusesAll(reason);
  await deliver();
  expect(site.entries.map(({ parts }) => Object.keys(parts))).toEqual([['stack']]);
  expect(receipt()?.notSent).toEqual([{ type: 'log-tail', why }]);
});

it('brings it without a lease to a site that knows nothing of leases', async () => {
  await deliver();
  expect(bytes()).toEqual([108_000]);
  expect(site.entries[0]?.fences).toBeUndefined();
});

it('asks nothing where nothing heavy is wanted', async () => {
  site.leases = givesAll(1);
  site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
  await deliver();
  expect(site.leaseRequests).toEqual([]);
  expect(site.entries).toHaveLength(1);
});

it('keeps an entry whose lease was over, and brings the same one when it has another lease', async () => {
  site.leases = givesAll(1);
  site.refuseEntry = { status: 409, code: 'lease-over' };
  await deliver();
  expect(spoolState(spool).waiting).toEqual([facts.reportId]);
  site.leases = refusesAll('leased-out');
  site.refuseEntry = undefined;
  await deliver();
  expect([spoolState(spool).waiting.length, site.entries.length]).toEqual([1, 0]);
  site.leases = givesAll(7);
  await deliver();
  expect(site.entries).toMatchObject([{ fences: '7', header: { reportId: facts.reportId } }]);
  expect(site.hits).toHaveLength(1);
  expect(namesIn(spool, 'failures')).toEqual([]);
});

it('offers again, without a lease, an entry nobody wants any more: the site may have it', async () => {
  site.leases = givesAll(1);
  site.intercept = ({ method }, response) => {
    if (method !== 'PUT') return false;
    response.writeHead(503).end();
    return true;
  };
  await deliver();
  site.intercept = undefined;
  site.leases = refusesAll('not-wanted');
  site.refuseEntry = { status: 409, code: 'lease-needed' };
  await deliver();
  expect(receipt()?.entry?.result).toBe('not-needed');
  expect(spoolState(spool).waiting).toEqual([]);
});

/** A site that takes an entry only after two seconds. */
function takesItsTime(): void {
  site.intercept = ({ method, socket }, response) => {
    if (method !== 'PUT' || socket.destroyed) return false;
    site.intercept = undefined;
    setTimeout(() => {
      response.writeHead(409, { 'content-type': 'application/problem+json' });
      response.end('{"code":"not-needed","detail":""}');
    }, 2_000);
    return true;
  };
}

it('renews a lease while a long upload is under way', async () => {
  const give = givesAll(5);
  site.leases = (request) => ({
    refused: [],
    given: give(request).given.map((lease) => ({ ...lease, expiresInMs: 1_200 })),
  });
  takesItsTime();
  await deliver();
  expect(receipt()?.entry?.result).toBe('not-needed');
  const [first, ...renewals] = site.leaseRequests;
  expect(first?.asks[0]?.fence).toBeUndefined();
  expect(renewals.length).toBeGreaterThan(1);
  expect(renewals.every(({ holder, asks }) => holder === first?.holder && asks[0]?.fence === 5)).toBe(true);
});

it('breaks an upload off when its lease is not renewed, and keeps the entry', async () => {
  const give = givesAll(5);
  site.leases = (request) =>
    site.leaseRequests.length > 1
      ? refusesAll('leased-out')(request)
      : { refused: [], given: give(request).given.map((lease) => ({ ...lease, expiresInMs: 1_200 })) };
  takesItsTime();
  await deliver();
  expect(site.entries).toEqual([]);
  expect(spoolState(spool).waiting).toEqual([facts.reportId]);
});

it('asks as one holder for all failures of a spool, and as another after a day', async () => {
  site.leases = refusesAll('leased-out');
  await deliver();
  leaveFailure(spool, { consent: 'full', declared: ['stack', 'log-tail'], files: facts.files ?? {} });
  await deliver();
  const holder = join(spool, 'holder.json');
  const kept = JSON.parse(readFileSync(holder, 'utf8')) as { readonly id: string; readonly at: number };
  writeFileSync(holder, JSON.stringify({ ...kept, at: kept.at - 25 * 60 * 60 * 1000 }));
  leaveFailure(spool, { consent: 'full', declared: ['stack', 'log-tail'], files: facts.files ?? {} });
  await deliver();
  const [first, second, third] = site.leaseRequests.map((request) => request.holder);
  expect(first).toBe(kept.id);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

it('asks none for a type that nobody here can collect, declared or not, and says so', async () => {
  site.leases = givesAll(1);
  const wants = (one: FailureFacts) => [demandFor(bucketOfFacts(one), ['core', 'minidump'], site.key)];
  site.demands = () => wants(facts);
  await deliver();
  facts = leaveFailure(spool, { consent: 'full', declared: ['stack', 'core', 'minidump'] });
  await deliver();
  const none = ['core', 'minidump'].map((type) => ({ type, why: 'no-collector' }));
  expect(spoolState(spool).receipts.map(({ notSent }) => notSent)).toEqual([none, none]);
  expect(site.leaseRequests).toEqual([]);
  const status = await runReporter(['status', '--spool', spool], { FR_SERVER: site.url });
  expect(status.stdout).toContain('core not sent: no collector for this type here');
});

it('streams a large body as sites do towards their destination, by the same words', () => {
  const words = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
  const own = words('../src/reporter/sending/streamed-put.ts');
  expect(own).toBe(words('../../sync/src/destination/streamed-put.ts'));
});
