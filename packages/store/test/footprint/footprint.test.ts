import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { measureFootprint } from './measure.ts';

const MB = 1_000_000;

test('a million hits in 1,000 buckets whose demands are met leave less than 64 MB, by what each costs', async () => {
  const buckets = 20;
  const some = await measureFootprint(temporaryFolder(), 20_000, buckets);
  const more = await measureFootprint(temporaryFolder(), 60_000, buckets);
  const perHit = (more.database - some.database) / (more.hits - some.hits);
  const perBucket = more.entries / buckets;
  expect(perHit).toBeGreaterThan(16);
  expect(1_000_000 * perHit + 1_000 * perBucket).toBeLessThan(64 * MB);
}, 120_000);
