import { openMemoryStore } from '@fr/store/memory';
import { expect, test } from 'vitest';

const bucket = {
  program: 'shop',
  programVersion: '1.0',
  module: 'cart',
  moduleVersion: '1.0',
  location: 'a',
};

function hit(reportId: string) {
  return { reportId, bucket, count: 1, outcome: 'fatal', at: 1 } as const;
}

test('a store opened with an image goes on from there, whatever became of the first', async () => {
  const first = openMemoryStore();
  const before = '0190b3a0-0000-7000-8000-000000000001';
  const after = '0190b3a0-0000-7000-8000-000000000002';
  await first.hits.record([hit(before)], 1);
  await first.settings.write('a', 1);
  const image = first.image();
  await first.hits.record([hit(after)], 2);
  await first.settings.write('a', 2);
  await first.close();

  const second = openMemoryStore({ image });
  expect(await second.identity.origin()).toEqual(await openMemoryStore({ image }).identity.origin());
  expect(await second.settings.read('a')).toBe(1);
  const results = await second.hits.record([hit(before), hit(after)], 3);
  expect(results.map(({ result }) => result)).toEqual(['duplicate', 'counted']);
  const { totals } = await second.hits.changedSince(0, 10);
  expect(totals.map(({ hits }) => hits)).toEqual([2]);
  const third = openMemoryStore({ image });
  expect((await third.hits.changedSince(0, 10)).totals.map(({ hits }) => hits)).toEqual([1]);
});
