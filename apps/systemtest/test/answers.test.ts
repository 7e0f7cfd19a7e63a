import { join } from 'node:path';
import { decodeHitsReply, type EntryHeader, MEDIA_TYPE } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { checkAnswer } from '@fr/protocol/signature';
import { newFolder, runNode, type ServerProcess, startServer, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, DESTINATION, HOST, json } from './from-sources.ts';

const TILL: EntryHeader['bucket'] = {
  program: 'till',
  programVersion: '1.4',
  module: 'till',
  moduleVersion: '1.4',
  location: 'price.js#totalOf',
};

let folder: TestFolder;
let site: ServerProcess | undefined;
let vendor: ServerProcess | undefined;
let here: readonly string[] = [];
let there: readonly string[] = [];

/** What a reporter is told that brings a hit of the till now, checked with the key in the reply. */
async function told() {
  const hits = [{ reportId: uuidv7(), bucket: TILL, count: 1, outcome: 'fatal', at: Date.now() }];
  const reply = await fetch(`${site?.url}/v1/hits`, {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPE.json },
    body: JSON.stringify({ protocol: 1, hits }),
  });
  if (reply.status === 204) return [];
  const { answers = [], key } = decodeHitsReply(await reply.json());
  return answers.map((answer) => {
    expect(checkAnswer(answer, { pinned: answer.terms.keyId, publicKey: key })).toBeUndefined();
    return answer.terms.text;
  });
}

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', join(folder.path, 'site')];
  there = ['--data', join(folder.path, 'vendor')];
  vendor = await startServer(DESTINATION, ['--port', '0', ...there], {});
  const token = (await runNode([...DESTINATION, 'sites', 'add', 'north', ...there])).stdout.trim();
  const upstream = ['--upstream', vendor.url, '--upstream-token', token, '--upstream-program', 'till'];
  site = await startServer(ADMIN, ['--port', '0', ...here, ...upstream, '--sync-every', '1h'], {});
}, 60_000);

afterAll(async () => {
  await site?.stop();
  await vendor?.stop();
  await folder?.remove();
});

test('what the vendor answers reaches whoever fails next, until the vendor takes it back; the question is in the ledger', async () => {
  expect(await told()).toEqual([]);
  const about = ['answer', '--program', 'till', '--text', 'Please update to 1.5.', '--fixed-in', '1.5'];
  const { answerId } = await json<{ answerId: string }>(DESTINATION, [...about, ...there]);
  // Nothing is told of what this site has never spoken of.
  expect(await json(ADMIN, ['answers-ask', ...here])).toEqual({ heard: 0, rejected: [] });
  await json(ADMIN, ['sync', ...here]);
  expect(await json(ADMIN, ['answers-ask', ...here])).toEqual({ heard: 1, rejected: [] });
  expect(await told()).toEqual(['Please update to 1.5.']);
  expect(await json(ADMIN, ['answers-ask', ...here])).toEqual({ heard: 1, rejected: [] });
  expect(await json(ADMIN, ['answers', ...here])).toMatchObject([{ state: 'told', from: vendor?.url }]);
  const { sums } = await json<{ sums: { answers: { count: number; headerBytes: number } } }>(ADMIN, [
    ...['ledger', ...here],
  ]);
  expect(sums.answers.count).toBe(3);
  expect(sums.answers.headerBytes / 3).toBeLessThan(120);
  await json(DESTINATION, ['answer', answerId, '--remove', ...there]);
  expect(await json(ADMIN, ['answers-ask', ...here])).toEqual({ heard: 0, rejected: [] });
  expect(await told()).toEqual([]);
}, 120_000);

test('what is told about a pattern is said by the till itself at its next start, once', async () => {
  const environment = {
    FR_SERVER: site?.url ?? '',
    FR_PROGRAM: 'till',
    FR_VERSION: '2.0.1',
    FR_SPOOL_DIR: join(folder.path, 'spool'),
  };
  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runNode([...HOST, ...words], { env: environment });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };
  expect(await run('fail')).toBeUndefined();
  await json(ADMIN, ['sync', ...here]);
  for (const [version, text] of [
    ['1.*', 'of another version'],
    ['2.*', 'Restart the till.'],
  ] as const)
    await json(DESTINATION, [
      ...['answer', '--program', 'till', '--program-version', version, '--text', text],
      ...['--link', 'https://till.example/2', ...there],
    ]);
  await json(ADMIN, ['answers-ask', ...here]);
  await run('fail');
  expect(await run()).toMatchObject({ text: 'Restart the till.', link: 'https://till.example/2' });
  expect(await run()).toBeUndefined();
}, 120_000);
