import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { openEmbeddedStore } from '@fr/store/embedded';
import { testFolder } from '@fr/test-harness/in-process';
import { expect, test, vi } from 'vitest';
import { frAdminJson, serveSite } from './support/fr-admin.ts';
import { reportTill, startVendor, TILL } from './support/vendor.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a site that is served for another vendor forgets by which numbers the one before knew its buckets, and tells all of them to the new one', async () => {
  const data = join(await testFolder(), 'site');
  const [first, second] = [await startVendor(), await startVendor()];
  const served = async ({ url, token }: typeof first) => {
    const words = ['--data', data, '--upstream', url, '--upstream-program', 'till', '--sync-every', '24h'];
    return await serveSite(words, { FR_UPSTREAM_TOKEN: token });
  };
  const numberFor = async ({ url }: typeof first) => {
    const store = await openEmbeddedStore({ dir: data, readOnly: true });
    const row = await store.settings.read(`sync-bucket ${url} ${bucketId(TILL)}`);
    await store.close();
    return row;
  };
  const before = await served(first);
  await reportTill(before.url, { stack: 'one' });
  await frAdminJson(['sync', '--data', data]);
  expect(await numberFor(first)).toMatchObject({ 1: 1 });
  await before.stop();
  const after = await served(second);
  await frAdminJson(['sync', '--data', data]);
  expect([await numberFor(first), await numberFor(second)]).toMatchObject([undefined, { 1: 1 }]);
  await after.stop();
  // Back again: told in full, under a number that was not given before.
  const again = await served(first);
  await reportTill(again.url, { stack: 'two' });
  await frAdminJson(['sync', '--data', data]);
  expect(first.told.flatMap(({ buckets }) => buckets)).toMatchObject([
    { hits: 1, number: 1 },
    { hits: 2, number: 2 },
  ]);
  await again.stop();
});
