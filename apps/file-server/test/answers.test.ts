import { bucketId, problemId } from '@fr/bucket';
import { decodeHitsReply, type SignedAnswer } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { checkAnswer } from '@fr/protocol/signature';
import { newFolder, type ServerProcess, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';

const BUCKET = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};

let served: ServerProcess | undefined;
let folder: TestFolder;
let here: readonly string[];

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', folder.path];
  served = await serveSite(here);
  await answersTold();
});

afterAll(async () => {
  await served?.stop();
  await folder?.remove();
});

/** What a reporter is told that reports a hit now, each checked with the key in the reply. */
async function answersTold(bucket = BUCKET): Promise<readonly SignedAnswer['terms'][]> {
  const hit = { reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: Date.now() };
  const reply = await fetch(`${served?.url}/v1/hits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ protocol: 1, hits: [hit] }),
  });
  const { answers = [], key } = decodeHitsReply(await reply.json());
  return answers.map((answer) => {
    expect(checkAnswer(answer, { pinned: answer.terms.keyId, publicKey: key })).toBeUndefined();
    return answer.terms;
  });
}

describe('an answer', () => {
  test('is told with each hit of its bucket or problem, also after a restart, until it is removed', async () => {
    expect(await answersTold()).toEqual([]);
    const content = ['--text', 'Known. Use the other till.', '--link', 'https://till.example/12'];
    await frAdminJson(['answer', bucketId(BUCKET), ...content, ...here]);
    await frAdminJson(['answer', problemId(BUCKET), '--text', 'Solved.', '--fixed-in', '1.0.1', ...here]);
    expect(await answersTold()).toMatchObject([
      { about: bucketId(BUCKET), text: 'Known. Use the other till.', link: 'https://till.example/12' },
      { about: problemId(BUCKET), text: 'Solved.', fixedIn: '1.0.1' },
    ]);
    await served?.stop();
    expect(await frAdminJson(['answers', ...here])).toHaveLength(2);
    served = await serveSite(here);
    const newer = { ...BUCKET, programVersion: '1.0.1', moduleVersion: '1.0.1' };
    expect(await answersTold(newer)).toMatchObject([{ text: 'Solved.' }]);
    for (const id of [bucketId(BUCKET), problemId(BUCKET)]) {
      await frAdminJson(['answer', id, '--remove', ...here]);
    }
    expect(await answersTold()).toEqual([]);
  });

  test('in another wording has a higher version', async () => {
    const set = async (text: string) => {
      await frAdminJson(['answer', bucketId(BUCKET), '--text', text, ...here]);
      return (await answersTold())[0];
    };
    const [first, second] = [await set('One.'), await set('Two.')];
    expect(second).toMatchObject({ text: 'Two.' });
    expect(second?.version ?? 0).toBeGreaterThan(first?.version ?? 0);
  });

  test.each([
    [['--text', 'x', '--link', 'javascript:alert(1)'], 'https address'],
    [['--text', 'x'.repeat(3_000)], 'characters'],
    [[], '"text" is missing'],
  ])('that is none is refused: %j', async (words, advice) => {
    const ended = await frAdminHere(['answer', bucketId(BUCKET), ...words, ...here]);
    expect(ended.code).toBeGreaterThan(0);
    expect(ended.stderr).toContain(advice);
  });

  test('about nothing that is known here is refused', async () => {
    const ended = await frAdminHere(['answer', 'bnothing', '--text', 'x', ...here]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing here is called') });
  });
});
