import { type Bucket, bucketId, problemId } from '@fr/bucket';
import { newFolder, type ServerProcess, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frDestinationHere, frDestinationJson, serveVendor } from './support/fr-destination.ts';

const BUCKET: Bucket = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};
const ID = bucketId(BUCKET);

let folder: TestFolder;
let served: ServerProcess | undefined;
let here: readonly string[] = [];

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', folder.path];
  served = await serveVendor(here);
  const token = (await frDestinationHere(['sites', 'add', 'north', ...here])).stdout.trim();
  const origin = { id: '01890a5d-ac96-774b-bcce-b302099a8057', epoch: 1 };
  const reply = await fetch(`${served.url}/v1/offers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ protocol: 1, origin, buckets: [{ bucket: BUCKET, hits: 4, holds: [] }] }),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
});

afterAll(async () => {
  await served?.stop();
  await folder?.remove();
});

describe('an answer of the vendor', () => {
  test('is about a bucket, a problem or a program, until it is removed', async () => {
    const about = [
      await frDestinationJson(['answer', ID, '--text', 'Use the other till.', ...here]),
      await frDestinationJson(['answer', problemId(BUCKET), '--text', 'x', '--fixed-in', '1.0.1', ...here]),
      await frDestinationJson([
        ...['answer', '--program', 'till', '--program-version', '1.*', '--text', 'Please update.'],
        ...['--link', 'https://till.example/update', '--until', '90d', ...here],
      ]),
    ];
    expect(about).toMatchObject([
      { state: 'told', pattern: { bucketId: ID }, text: 'Use the other till.' },
      { pattern: { problemId: problemId(BUCKET) }, fixedIn: '1.0.1' },
      { pattern: { program: 'till', programVersion: '1.*' }, link: 'https://till.example/update' },
    ]);
    expect(await frDestinationJson(['answers', ...here])).toHaveLength(3);
    const again = await frDestinationJson(['answer', ID, '--text', 'Fixed.', ...here]);
    expect(await frDestinationJson<object[]>(['answers', ...here])).toHaveLength(3);
    const { answerId } = again as { answerId: string };
    for (const id of [answerId, problemId(BUCKET)]) {
      expect(await frDestinationJson(['answer', id, '--remove', ...here])).toMatchObject({ removed: true });
    }
    expect(await frDestinationJson(['answers', ...here])).toMatchObject([{ text: 'Please update.' }]);
  });

  test.each([
    [[ID], 2, '"text" is missing'],
    [['--text', 'x'], 2, 'a bucket, a problem'],
    [['--program', '*', '--text', 'x'], 2, 'named without *'],
    [[ID, '--text', 'x', '--link', 'javascript:alert(1)'], 2, 'https address'],
    [[ID, '--text', 'x', '--until', '500d'], 2, '400 days'],
    [['bnothing', '--text', 'x'], 2, 'neither a bucket id'],
    [[`b${'a'.repeat(26)}`, '--text', 'x'], 1, 'no site has offered'],
    [['a-none', '--remove'], 1, 'there is no answer'],
  ])('that cannot be given is refused: %j', async (words, code, advice) => {
    const ended = await frDestinationHere(['answer', ...words, ...here]);
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(advice) });
  });
});
