import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHitsReply, describePart, type EntryHeader, MEDIA_TYPE, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { newFolder, runNode, type ServerProcess, startServer, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, DESTINATION, json } from './from-sources.ts';

const TILL: EntryHeader['bucket'] = {
  program: 'till',
  programVersion: '1.4',
  module: 'till',
  moduleVersion: '1.4',
  location: 'price.js#totalOf',
};

let folder: TestFolder;
let site: ServerProcess | undefined;
let here: readonly string[] = [];
let there: readonly string[] = [];

const ended = (program: readonly string[], words: readonly string[]) => runNode([...program, ...words]);

/** A failure of the till, as a reporter brings it; what the site answers to its hit. */
async function fail(stack: string) {
  const headers = { 'content-type': MEDIA_TYPE.json };
  const hits = [{ reportId: uuidv7(), bucket: TILL, count: 1, outcome: 'fatal', at: Date.now() }];
  const body = JSON.stringify({ protocol: 1, hits });
  const said = await fetch(`${site?.url}/v1/hits`, { method: 'POST', headers, body });
  const content = new TextEncoder().encode(stack);
  const part = describePart('stack', 'text/plain', content);
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket: TILL,
    outcome: 'fatal',
    at: Date.now(),
    demands: ['site-default'],
    parts: [part],
  };
  await fetch(`${site?.url}/v1/entries/${header.entryId}`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.entry },
    body: new Blob([new Uint8Array(await printFrame(header, [{ part, content }]))]),
  });
  return said.status === 204 ? undefined : decodeHitsReply(await said.json());
}

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', join(folder.path, 'site')];
  there = ['--data', join(folder.path, 'vendor')];
  const vendor = await startServer(DESTINATION, ['--port', '0', ...there], {});
  const token = (await ended(DESTINATION, ['sites', 'add', 'north', ...there])).stdout.trim();
  await vendor.stop();
  const upstream = ['--upstream', 'https://vendor.example', '--upstream-token', token];
  const words = [...upstream, '--upstream-program', 'till', '--sync-every', 'never'];
  site = await startServer(ADMIN, ['--port', '0', ...here, ...words], {});
}, 60_000);

afterAll(async () => {
  await site?.stop();
  await folder?.remove();
});

test('where no network is, everything goes there and back in files that are carried', async () => {
  await fail('Error: first');
  const { rows } = await json<{ rows: { bucketId: string; problemId: string }[] }>(ADMIN, [
    'buckets',
    ...here,
  ]);
  const [till] = rows;
  const { bucketId = '', problemId = '' } = till ?? {};
  const file = (name: string) => join(folder.path, name);
  await json(ADMIN, ['export', file('1'), ...here]);
  const first = await json(DESTINATION, ['import', file('1'), '--reply', file('1r'), ...there]);
  expect(first).toMatchObject({ site: 'north', buckets: 1, stored: 0 });
  expect(await json(ADMIN, ['import', file('1r'), ...here])).toMatchObject({ demands: 1, delivered: 0 });
  // Now it is known what is wanted.
  const second = await json<{ bytes: number; headerBytes: number; payloadBytes: number }>(ADMIN, [
    ...['export', file('2'), ...here],
  ]);
  expect(second).toMatchObject({ buckets: 0, entries: 1 });
  expect(second.headerBytes + second.payloadBytes).toBe((await readFile(file('2'))).length);
  const about = ['answer', problemId, '--text', 'Fixed in the next version.', '--fixed-in', '1.5'];
  await json(DESTINATION, [...about, ...there]);
  const taken = await json(DESTINATION, ['import', file('2'), '--reply', file('2r'), ...there]);
  expect(taken).toMatchObject({ stored: 1, refused: 0 });
  expect(await json(ADMIN, ['import', file('2r'), ...here])).toMatchObject({ delivered: 1, answers: 1 });
  expect(await json(ADMIN, ['entries', ...here])).toMatchObject({ rows: [{ state: 'uploaded' }] });
  expect(await json(DESTINATION, ['buckets', ...there])).toMatchObject({
    rows: [{ bucketId, hits: 1, entries: { stored: 1 } }],
  });
  // What the vendor says reaches whoever fails next.
  const told = await fail('Error: second');
  expect(told?.answers?.map(({ terms }) => terms)).toMatchObject([
    { about: problemId, text: 'Fixed in the next version.', fixedIn: '1.5' },
  ]);
  expect(await json(ADMIN, ['ledger', '--verify', ...here])).toMatchObject({ ok: true });
}, 120_000);

test('what was altered on its way is refused on both sides, and says why', async () => {
  const file = (name: string) => join(folder.path, name);
  await json(ADMIN, ['export', file('3'), ...here]);
  await json(DESTINATION, ['import', file('3'), '--reply', file('3r'), ...there]);
  for (const [program, name, words] of [
    [DESTINATION, '3', there],
    [ADMIN, '3r', here],
  ] as const) {
    const bytes = await readFile(file(name));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(file(`${name}x`), bytes);
    const refused = await ended(program, ['import', file(`${name}x`), ...words]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the bundle is refused') });
  }
  const doctor = await ended(ADMIN, ['doctor', ...here]);
  expect(doctor.stdout).toMatch(/^note {2}1 bundles refused so far: 1 [a-z-]+$/m);
  const missing = await ended(ADMIN, ['import', file('nowhere'), ...here]);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') });
  const again = await ended(ADMIN, ['export', file('3'), ...here]);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('there already') });
}, 120_000);
