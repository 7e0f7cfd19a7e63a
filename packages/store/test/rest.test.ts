import { statSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore } from '@fr/store/embedded';
import { expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { bucketNamed, hitOn } from './support/material.ts';

test('a store that rests gives back the room of its log, and goes on counting', async () => {
  const dir = temporaryFolder();
  const store = await openEmbeddedStore({ dir });
  const log = () => statSync(join(dir, 'store.sqlite-wal')).size;
  const count = async (hits: number) =>
    await store.hits.record(
      Array.from({ length: hits }, () => hitOn(bucketNamed('b1'), { reportId: uuidv7() })),
      Date.now(),
    );
  await count(1_000);
  expect(log()).toBeGreaterThan(10_000);
  await expect.poll(log, { timeout: 60_000, interval: 250 }).toBe(0);
  await count(1);
  const { rows } = await store.queries.buckets({});
  expect(rows).toMatchObject([{ hits: 1_001 }]);
  await store.close();
}, 90_000);
