import { mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { databaseFlips, entryFlips, logFlips } from './methods/flips.ts';

function workshop(): string {
  const dir = temporaryFolder();
  mkdirSync(dir);
  return dir;
}

describe('a bit that turns while nobody looks', () => {
  test('is found in every entry, as is a file cut short: set aside and counted, and the others are served', async () => {
    expect(await entryFlips({ seed: 1, cycles: 16, dir: workshop() })).toEqual({ cycles: 16, found: 16 });
  }, 60_000);

  test('in the log of a killed server costs nothing that is not counted as lost', async () => {
    expect(await logFlips({ seed: 1, cycles: 12, dir: workshop() })).toMatchObject({ cycles: 12 });
  }, 60_000);

  test('anywhere in the database never keeps the store from starting, nor serves a wrong entry', async () => {
    // Each cycle throws where that does not hold. How many flips matter at all depends on how the pages came to lie.
    const { cycles } = await databaseFlips({ seed: 1, cycles: 12, dir: workshop() });
    expect(cycles).toBe(12);
  }, 60_000);
});
