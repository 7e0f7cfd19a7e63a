import { expect, test } from 'vitest';
import { simulate } from '../src/simulate.ts';

const SEEDS = 200;

test(`${SEEDS} runs in which things go wrong all come to rest with every count right`, {
  timeout: 300_000,
}, async () => {
  const failed: unknown[] = [];
  let entries = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { failures, entriesAtVendor } = await simulate({ seed });
    entries += entriesAtVendor;
    if (failures.length > 0) failed.push({ seed, failures });
  }
  expect(failed).toEqual([]);
  expect(entries).toBeGreaterThan(SEEDS);
});

test('a seed is a run: twice the same, to the last message', async () => {
  const [first, second] = [
    await simulate({ seed: 7, trace: true }),
    await simulate({ seed: 7, trace: true }),
  ];
  expect(first.trace).toEqual(second.trace);
  expect(first.trace.length).toBeGreaterThan(30);
});
