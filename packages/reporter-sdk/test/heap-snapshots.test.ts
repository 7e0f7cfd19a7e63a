import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whyNoSnapshot } from '../src/noting/heap-snapshot.ts';
import { runHost, runReporter, temporaryFolder, until } from './support/process.ts';
import { demandFor, givesAll, refusesAll, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, namesIn, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
  site.leases = givesAll(41);
});
afterEach(() => site.close());

/** Runs a program to its failure, and waits until that was settled. */
async function fails(env: Record<string, string> = {}): ReturnType<typeof runHost> {
  const settled = spoolState(spool).receipts.length;
  const ended = await runHost('types/heap.mjs', {
    FR_SERVER: site.url,
    FR_SPOOL_DIR: spool,
    MAX: '200',
    ...env,
  });
  await until(() => spoolState(spool).receipts.length > settled, 'a receipt');
  return ended;
}

const want = (count = 1): void => {
  site.demands = (bucket) =>
    site.entries.length >= count ? [] : [demandFor(bucket, ['heap-snapshot'], site.key, { id: 'd-heap' })];
};
const notSent = () => spoolState(spool).receipts.at(-1)?.notSent;

it('is taken at the next failure after it was asked for and leased, arrives as V8 wrote it, and then no more', async () => {
  want();
  const bare = await fails();
  expect(site.leaseRequests).toMatchObject([{ asks: [{ type: 'heap-snapshot', for: 'collect', count: 1 }] }]);
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why: 'next-failure' }]);
  const second = await fails();
  expect(second.code).toBe(1);
  expect(second.stderr).toBe(bare.stderr);
  expect(site.entries).toMatchObject([{ fences: '42', header: { parts: [{ type: 'heap-snapshot' }] } }]);
  const snapshot: { readonly strings: readonly string[] } = JSON.parse(
    site.entries[0]?.parts['heap-snapshot'] ?? '',
  );
  expect(snapshot.strings).toContain('in the haystack');
  // The lease it was collected under is given back with the question for one to bring it.
  expect(site.leaseRequests[1]?.asks).toMatchObject([
    { for: 'deliver', count: 1 },
    { for: 'collect', count: 0, fence: 41 },
  ]);
  await fails();
  expect(site.entries).toHaveLength(1);
  await until(() => namesIn(spool, 'failures').length === 0, 'an empty spool');
});

it('is announced by status while there is a lease for it', async () => {
  want();
  await fails();
  const status = async () => (await runReporter(['status', '--spool', spool])).stdout;
  expect(await status()).toMatch(
    / {2}b[a-z2-7]{26} {2}its next failure brings heap-snapshot, if before 20\d\d-/,
  );
  await fails();
  expect(await status()).not.toContain('its next failure');
});

it('is not taken without a lease, and the receipt says why', async () => {
  want();
  site.leases = refusesAll('leased-out');
  await fails();
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why: 'leased-to-another' }]);
  await fails();
  expect(site.entries).toEqual([]);
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why: 'leased-to-another' }]);
});

it.each([
  ['the program may live on', { MODE: 'survives' }, 'program-may-live-on'],
  ['the heap is larger than it has declared', { MAX: '1' }, 'heap-too-large'],
  ['it has declared the type but no size', { MAX: '', FR_COLLECT: 'heap-snapshot' }, 'no-heap-size-declared'],
])('is not taken where %s', async (_, env, why) => {
  want();
  await fails(env);
  await fails(env);
  expect(site.entries).toEqual([]);
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why }]);
});

it('is left to others where the host could not take it: the lease is given back, and asked for at the failure after', async () => {
  want();
  await fails({ MAX: '1' });
  await fails({ MAX: '1' });
  expect(site.leaseRequests.at(-1)?.asks).toMatchObject([{ for: 'collect', count: 0, fence: 41 }]);
  await fails({ MAX: '1' });
  expect(site.leaseRequests.at(-1)?.asks).toMatchObject([{ for: 'collect', count: 1 }]);
  expect(site.leaseRequests).toHaveLength(3);
});

it('is kept while another brings one, and brought when that has not happened', async () => {
  const facts = leaveFailure(spool, { consent: 'full', declared: ['heap-snapshot'] });
  const file = join(spool, 'failures', `${facts.reportId}.heap-snapshot.part`);
  writeFileSync(file, 'y'.repeat(100_000), { mode: 0o600 });
  site.demands = () => [demandFor(bucketOfFacts(facts), ['heap-snapshot'], site.key)];
  const deliver = () =>
    runReporter(['deliver', '--spool', spool], { FR_SERVER: site.url, FR_CONSENT: 'full' });
  // One that must wait here does not stand in the way of others.
  const other = leaveFailure(spool, { declared: [] });
  site.leases = refusesAll('leased-out');
  await deliver();
  expect([spoolState(spool).waiting, existsSync(file)]).toEqual([[facts.reportId], true]);
  expect(site.hits.map(({ reportId }) => reportId)).toEqual([facts.reportId, other.reportId]);
  site.leases = givesAll(7);
  await deliver();
  expect(site.entries).toMatchObject([{ fences: '7', header: { parts: [{ type: 'heap-snapshot' }] } }]);
  expect([site.hits.length, namesIn(spool, 'failures')]).toEqual([2, []]);
});

it('is taken of a failure that the program survives where it has said so', async () => {
  want();
  const env = { MODE: 'survives', SURVIVED: '1' };
  await fails(env);
  const ended = await fails(env);
  expect(ended.code).toBe(0);
  expect(site.entries).toHaveLength(1);
});

it('is asked for in vain where the program has not declared it, or its user allows less', async () => {
  want();
  await fails({ MAX: '' });
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why: 'not-declared' }]);
  await fails({ FR_CONSENT: 'standard' });
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why: 'no-consent' }]);
  expect(site.leaseRequests).toEqual([]);
});

it('leaves a failure alone while its host is writing the snapshot, and brings it without one if the host is killed', async () => {
  const facts = leaveFailure(spool, { consent: 'full', declared: ['heap-snapshot'] });
  site.demands = () => [demandFor(bucketOfFacts(facts), ['heap-snapshot'], site.key)];
  const coming = (pid: number) => join(spool, 'failures', `${facts.reportId}.heap-snapshot.${pid}.tmp`);
  writeFileSync(coming(process.pid), 'half of it');
  const deliver = () =>
    runReporter(['deliver', '--spool', spool], { FR_SERVER: site.url, FR_CONSENT: 'full' });
  await deliver();
  expect(site.hits).toEqual([]);
  writeFileSync(coming(4_194_303), '');
  const { renameSync } = await import('node:fs');
  renameSync(coming(process.pid), coming(4_194_303));
  await deliver();
  expect(site.hits).toHaveLength(1);
  expect(notSent()).toEqual([{ type: 'heap-snapshot', why: 'interrupted' }]);
  expect(namesIn(spool, 'failures')).toEqual([]);
});

it('of 40 MB is sent without being in memory whole, and not made room for by dropping it', async () => {
  const facts = leaveFailure(spool, { consent: 'full', declared: ['heap-snapshot', 'stack'] });
  const file = join(spool, 'failures', `${facts.reportId}.heap-snapshot.part`);
  writeFileSync(file, Buffer.alloc(200_000_000, 'y'), { mode: 0o600 });
  site.demands = () => [demandFor(bucketOfFacts(facts), ['heap-snapshot', 'stack'], site.key)];
  let length = 0;
  site.intercept = ({ method, headers }, response) => {
    if (method !== 'PUT') return false;
    length = Number(headers['content-length']);
    response.writeHead(503).end();
    return true;
  };
  await runReporter(['deliver', '--spool', spool], { FR_SERVER: site.url, FR_CONSENT: 'full' });
  expect(length).toBeGreaterThan(200_000_000);
  // What is kept for a retry does not hold it a second time.
  expect(statSync(join(spool, 'failures', `${facts.reportId}.entry`)).size).toBeLessThan(10_000);
  expect(existsSync(file)).toBe(true);
});

it.each([
  [{}, undefined],
  [{ heap: 101 }, 'heap-too-large'],
  [{ memory: 2_000 }, 'too-little-memory'],
  [{ disk: 300 }, 'too-little-disk'],
  [{ mainThread: false }, 'in-a-worker'],
])('is judged by what its machine has left: %o', (change, why) => {
  const enough = { heap: 100, memory: 3_000, disk: 1_000, mainThread: true };
  expect(whyNoSnapshot({ maxHeapMiB: 100, survived: false }, 'fatal', { ...enough, ...change })).toBe(why);
});
