import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { measureFootprint } from './measure.ts';

const MB = 1_000_000;

test('a million hits in 1,000 buckets whose demands are met leave less than 64 MB, by what each costs', async () => {
  const buckets = 20;
  // Both fill the journal once: the room it had is still in the file, and is not a cost of each hit.
  const some = await measureFootprint(temporaryFolder(), 80_000, buckets);
  const more = await measureFootprint(temporaryFolder(), 160_000, buckets);
  const perHit = (more.database - some.database) / (more.hits - some.hits);
  const perBucket = more.entries / buckets;
  expect(perHit).toBeGreaterThan(16);
  expect(more.database + (1_000_000 - more.hits) * perHit + 1_000 * perBucket).toBeLessThan(64 * MB);
}, 120_000);
