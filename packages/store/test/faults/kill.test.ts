import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { killLoop } from './methods/kill.ts';

test('a writer killed fifty times loses nothing it acknowledged, counts exactly and serves nothing torn', async () => {
  const dir = temporaryFolder();
  mkdirSync(dir);
  const { cycles, acknowledged } = await killLoop({ seed: 1, cycles: 50, dir });
  expect(cycles).toBe(50);
  expect(acknowledged).toBeGreaterThan(50);
}, 300_000);
