import { join } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { testFolder } from '@fr/test-harness/in-process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { frAdmin, frAdminJson, serveSite } from './support/fr-admin.ts';
import { startVendor, TILL } from './support/vendor.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A failure at a place of the till, of which nothing but the hit is brought. */
async function fail(site: string, location: string): Promise<void> {
  const bucket = { ...TILL, location };
  const hits = [{ reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: Date.now() }];
  const headers = { 'content-type': 'application/json' };
  await fetch(`${site}/v1/hits`, { method: 'POST', headers, body: JSON.stringify({ protocol: 1, hits }) });
}

test('by the schedule counts of known buckets wait, and neither what is new nor what is wanted does; by hand all is told', async () => {
  const data = join(await testFolder(), 'site');
  const vendor = await startVendor();
  const upstream = ['--upstream', vendor.url, '--upstream-program', 'till'];
  const schedule = ['--sync-every', '300ms', '--counts-every', '1h'];
  const site = await serveSite(['--data', data, ...upstream, ...schedule], {
    FR_UPSTREAM_TOKEN: vendor.token,
  });
  onTestFinished(() => site.kill());
  const locations = () => vendor.told.flatMap(({ buckets }) => buckets.map(({ bucket }) => bucket.location));
  const numbered = () => vendor.told.flatMap((offer) => offer.numbered ?? []);
  const passes = async (count: number) => {
    const until = vendor.told.length + count;
    await vi.waitUntil(() => vendor.told.length >= until, { timeout: 20_000 });
  };
  await passes(2);
  await fail(site.url, 'first');
  await vi.waitUntil(() => locations().includes('first'), { timeout: 20_000 });
  await fail(site.url, 'first');
  vendor.ask({ id: 'd-1', types: [{ type: 'packages', count: 1 }] });
  await passes(3);
  // It was asked for by offers of nothing, which move no mark.
  expect(vendor.told.at(-1)).toMatchObject({ buckets: [] });
  expect(vendor.told.at(-1)?.mark).toBeUndefined();
  expect(await frAdminJson(['demands', '--data', data])).toMatchObject([{ demandId: 'd-1' }]);
  await fail(site.url, 'second');
  await vi.waitUntil(() => locations().includes('second'), { timeout: 20_000 });
  expect(numbered().filter(({ hits }) => hits > 0)).toEqual([]);
  await frAdminJson(['sync', '--data', data]);
  expect(numbered()).toContainEqual({ number: 1, hits: 2 });
});

test('a window for counts that is no duration is wrong usage', async () => {
  const { code, stderr } = await frAdmin(['serve', '--data', '/nowhere', '--counts-every', 'seldom']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--counts-every "seldom" is not a duration')]);
});
