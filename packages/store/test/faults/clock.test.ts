import { bucketId } from '@fr/bucket';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, seeded, textOf } from '../support/material.ts';

const DAY = 24 * 60 * 60 * 1_000;

test('a clock that jumps five days forth and back loses no count, counts nothing twice and keeps epochs rising', async () => {
  const dir = temporaryFolder();
  const random = seeded(5);
  const bucket = bucketNamed('pay');
  let clock = AT;
  const jump = () => {
    clock = AT + Math.floor(random() * 3 - 1) * 5 * DAY;
  };
  const now = () => clock;
  const hits = Array.from({ length: 60 }, () => hitOn(bucket));
  const entries: string[] = [];
  let epoch = 0;
  for (let start = 0; start < 6; start++) {
    const store = await openEmbeddedStore({ dir, now });
    for (let step = 0; step < 10; step++) {
      jump();
      const hit = hits[start * 10 + step];
      expect(await store.hits.record(hit ? [hit] : [], clock)).toMatchObject([{ result: 'counted' }]);
      const { frame, header } = await frameOf(bucket, `entry ${start} ${step}`);
      entries.push(header.entryId);
      await store.entries.add(chunksOf(frame), admit, clock);
      jump();
      const again = await store.hits.record(hits.slice(0, start * 10 + step + 1), clock);
      expect(again.every(({ result }) => result === 'duplicate')).toBe(true);
    }
    const opened = await store.identity.openEpoch();
    expect(opened.epoch).toBeGreaterThan(epoch);
    epoch = opened.epoch;
    jump();
    await store.close();
  }
  const store = await openEmbeddedStore({ dir, now });
  expect((await store.queries.bucket(bucketId(bucket)))?.hits).toBe(60);
  for (const id of entries) expect(await textOf(store, id)).toMatch(/^entry /);
  expect(await verifyStore(store)).toMatchObject({ ok: true, aside: 0 });
  await store.close();
});
