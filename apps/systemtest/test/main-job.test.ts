import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mainJob } from '../src/main-job/main-job.ts';
import { createWorld } from '../src/main-job/world.ts';

test('the main job: two clients, one site, one vendor, from the first crash to the last byte', {
  timeout: 180_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'fr-main-job-'));
  const world = await createWorld(dir);
  try {
    const titles: string[] = [];
    for await (const step of mainJob(world)) {
      titles.push(step.title);
      const missed = step.observations.filter(({ seen }) => !seen);
      expect(missed, step.title).toEqual([]);
    }
    expect(titles).toHaveLength(7);
  } finally {
    await world.close();
    await rm(dir, { recursive: true, force: true });
  }
});
