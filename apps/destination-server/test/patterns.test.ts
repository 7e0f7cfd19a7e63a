import { newFolder, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frDestinationHere, frDestinationJson } from './support/fr-destination.ts';

let folder: TestFolder;
let here: readonly string[] = [];

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', folder.path];
});
afterAll(() => folder?.remove());

const WANTED = ['--type', 'stack', '--reason', 'what fails there?'];

describe('a demand by pattern', () => {
  test('speaks of whatever fits its fields, seen yet or not', async () => {
    const words = [
      '--program',
      'till',
      '--program-version',
      '4.2.*',
      '--module',
      'price*',
      '--location',
      '*#total',
    ];
    expect(await frDestinationJson(['demand', ...words, ...WANTED, ...here])).toMatchObject({
      state: 'open',
      pattern: { program: 'till', programVersion: '4.2.*', module: 'price*', location: '*#total' },
    });
  });

  test.each([
    [[], 2, 'it says nothing about which buckets'],
    [['till'], 2, 'neither a bucket id'],
    [['--programm', 'till'], 2, 'did you mean --program'],
  ])('that cannot be made is refused: %j', async (words, code, advice) => {
    const ended = await frDestinationHere(['demand', ...words, ...WANTED, ...here]);
    expect(ended.stderr.toLowerCase()).toContain(advice);
    expect(ended.code).toBe(code);
  });
});
