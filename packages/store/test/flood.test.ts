import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore } from '@fr/store/embedded';
import { expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { bucketNamed, hitOn } from './support/material.ts';

test('what a flood has left is added to the tables before a question is answered', async () => {
  const dir = temporaryFolder();
  const store = await openEmbeddedStore({ dir });
  const reader = new DatabaseSync(join(dir, 'store.sqlite'), { readOnly: true });
  const flood = async (hits: number) =>
    await store.hits.record(
      Array.from({ length: hits }, (_, n) => hitOn(bucketNamed(`b${n % 500}`), { reportId: uuidv7() })),
      Date.now(),
    );
  const inTables = () => Number(reader.prepare('SELECT total(hits) AS hits FROM buckets').get()?.['hits']);
  await flood(8_000);
  expect((await store.queries.buckets({})).rows[0]?.hits).toBe(16);
  expect(inTables()).toBe(8_000);
  reader.close();
  await store.close();
});
