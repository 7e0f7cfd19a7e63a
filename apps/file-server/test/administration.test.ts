import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import { issueToken } from '@fr/protocol/signature';
import { openLedger } from '@fr/sync';
import { newFolder, type ServerProcess, type TestFolder } from '@fr/test-harness';
import { testFolder } from '@fr/test-harness/in-process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frAdmin, frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';

const BUCKET = {
  program: 'till\u001b]0;owned\u0007\u202e',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf\u009b31m',
};
const ID = bucketId(BUCKET);

let served: ServerProcess | undefined;
let folder: TestFolder;

beforeAll(async () => {
  folder = await newFolder();
  served = await serveSite(['--data', folder.path]);
  const hit = { reportId: uuidv7(), bucket: BUCKET, count: 3, outcome: 'fatal', at: Date.now() };
  const reply = await fetch(`${served.url}/v1/hits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ protocol: 1, hits: [hit] }),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
});

afterAll(async () => {
  await served?.stop();
  await folder?.remove();
});

interface Listed {
  readonly rows: readonly unknown[];
}

const READING = [
  'buckets',
  'problems',
  'entries',
  'demands',
  'answers',
  'policy',
  'ledger',
  'verify',
  'keys list',
  `show ${ID}`,
];

async function readAll(where: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const read: Record<string, unknown> = {};
  for (const words of READING) read[words] = await frAdminJson([...words.split(' '), ...where]);
  return read;
}

describe('fr-admin beside a running server, from elsewhere, and without one', () => {
  test('shows the same: one JSON value for every reading command, wherever it is asked', async () => {
    const here = ['--data', folder.path];
    const { token } = await frAdminJson<{ token: string }>([
      ...['keys', 'add', 'kim', '--role', 'administrator'],
      ...here,
    ]);
    const beside = await readAll(here);
    expect(await readAll(['--server', served?.url ?? '', '--token', token])).toEqual(beside);
    expect(beside['buckets']).toMatchObject({ rows: [{ bucketId: ID, hits: 3, ...BUCKET }] });
    const process = await frAdmin(['buckets', '--json', ...here]);
    expect([process.code, process.stderr, JSON.parse(process.stdout)]).toEqual([0, '', beside['buckets']]);
    expect(await served?.stop()).toBe(0);
    expect(await readAll(here)).toEqual(beside);
    served = await serveSite(here);
    await frAdminJson(['keys', 'revoke', 'kim', '--role', 'administrator', ...here]);
    const refused = await frAdminHere(['buckets', '--server', served.url, '--token', token]);
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^fr-admin: .*fra_/),
    ]);
  });

  test.each([
    ['show nothing', 1, 'nothing here is called "nothing"'],
    [`show ${ID.slice(0, -1)}`, 1, 'nothing here is called'],
    ['approve', 2, '--all'],
    ['approve d-none', 1, 'there is no demand "d-none" here'],
    ['deny d-none', 1, 'there is no demand "d-none" here'],
    ['sync', 1, 'serve --upstream URL'],
    ['preview', 1, 'serve --upstream URL'],
    ['keys add kim --role boss', 2, 'reporter and administrator'],
    ['keys revoke nobody', 1, '`keys list` shows them'],
    ['buckets --limit many', 2, '"limit" must be a whole number'],
    ['entries --limit 0', 2, '"limit" must be 1 to 10000; go on with "after"'],
    ['entries --after there', 1, '`after` takes the `next` of a page before'],
    ['buckets --seen-since lately', 2, 'how long ago, as in 2d'],
    ['problems --min-hits few', 2, '"hitsFrom" must be a whole number'],
  ])('`%s` exits %i in one line that says what to do', async (words, code, advice) => {
    const ended = await frAdminHere([...words.split(' '), '--data', folder.path]);
    expect(ended.stderr).toMatch(/^fr-admin: [^\n]+\n$/);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', expect.stringContaining(advice)]);
  });

  test('the same slip is the same slip at a server elsewhere', async () => {
    const { token } = await frAdminJson<{ token: string }>([
      ...['keys', 'add', 'lee', '--role', 'administrator', '--data', folder.path],
    ]);
    const there = ['--server', served?.url ?? '', '--token', token];
    expect((await frAdminHere(['buckets', '--limit', 'many', ...there])).code).toBe(2);
    expect((await frAdminHere(['show', 'nothing', ...there])).code).toBe(1);
    const twice = await frAdminHere(['keys', 'add', 'lee', '--role', 'administrator', ...there]);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('revoke it first')]);
  });

  test.each([
    ['--min-hits 3 --program-version 1.0.0 --module till --seen-since 1h', 1],
    ['--state counted --new-since 1d --text totalof --sort last-seen', 1],
    ['--min-hits 4', 0],
    ['--program-version 1.0.1', 0],
    ['--seen-before 2026-01-01', 0],
    ['--state pending --sort first-seen', 0],
  ])('`buckets` and `problems` %s give %i', async (words, count) => {
    for (const list of ['buckets', 'problems'])
      expect(
        (await frAdminJson<Listed>([list, ...words.split(' '), '--data', folder.path])).rows,
      ).toHaveLength(count);
  });

  test('the curve of a bucket is there for whoever draws it', async () => {
    const { token } = await frAdminJson<{ token: string }>([
      ...['keys', 'add', 'kit', '--role', 'administrator', '--data', folder.path],
    ]);
    const ask = async (query: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${served?.url}/v1/admin/history?${query}`, { headers })).json();
    };
    expect(await ask(`id=${ID}&step=minute`)).toMatchObject([{ hits: 3 }]);
    expect(await ask(`id=${ID}&step=week`)).toMatchObject({ detail: expect.stringContaining('"step"') });
  });

  test('what a report calls itself cannot steer the terminal', async () => {
    for (const words of [
      ['buckets'],
      ['problems'],
      ['show', ID],
      ['buckets', '--json'],
      ['show', ID, '--json'],
    ]) {
      const { code, stdout } = await frAdminHere([...words, '--data', folder.path]);
      expect([code, stdout]).toEqual([0, expect.stringContaining('totalOf')]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test('an address where something else answers, hangs up or sends elsewhere is named as such', async () => {
    const other = createServer((request, response) => {
      if (request.url?.includes('problems')) request.socket.destroy();
      else if (request.url?.includes('entries')) response.writeHead(302, { location: '/' }).end();
      else response.end('<html>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const there = ['--server', url, '--token', issueToken('fra', 'a'.repeat(26))];
    for (const [verb, advice] of [
      ['buckets', 'is not a server of fr'],
      ['entries', 'status 302'],
      ['problems', 'no whole answer'],
    ] as const) {
      const ended = await frAdminHere([verb, ...there]);
      expect([ended.code, ended.stdout, ended.stderr]).toEqual([1, '', expect.stringContaining(advice)]);
    }
    other.close();
    const gone = await frAdminHere(['buckets', ...there]);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining(`no server answers at ${url}`)]);
  });
});

test('the upstream token may come from the environment, and is kept where only the owner reads it', async () => {
  const data = join(await testFolder(), 'site');
  const token = issueToken('frs', 'a'.repeat(26));
  const words = ['--data', data, '--upstream', 'http://127.0.0.1:1', '--upstream-program', 'till'];
  const site = await serveSite(words, { FR_UPSTREAM_TOKEN: token });
  const policy = await frAdminHere(['policy', '--data', data]);
  expect(policy.stdout).toMatch(/^destination: +http:\/\/127\.0\.0\.1:1$/m);
  expect(policy.stdout).not.toContain(token);
  expect((await stat(join(data, 'site.json'))).mode & 0o077).toBe(0);
  expect(await site.stop()).toBe(0);
});

test('commands that act at the same time on a folder without a server wait for each other', async () => {
  const data = join(await testFolder(), 'site');
  expect(await (await serveSite(['--data', data])).stop()).toBe(0);
  const names = ['one', 'two', 'three'];
  const ended = await Promise.all(names.map((name) => frAdmin(['keys', 'add', name, '--data', data])));
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
  const listed = await frAdminJson<readonly { name: string }[]>(['keys', 'list', '--data', data]);
  expect(listed.map(({ name }) => name).sort()).toEqual(['one', 'three', 'two']);
});

describe('a ledger that was altered', () => {
  test('is found out, with the first record that does not fit, and exit 1', async () => {
    const file = join(folder.path, 'ledger.jsonl');
    const whole = await readFile(file);
    const ledger = await openLedger(file);
    for (const bytes of [100, 200, 300]) {
      const event = {
        kind: 'offer',
        to: 'http://vendor.example',
        demands: [],
        digest: '',
        payloadBytes: 0,
      } as const;
      await ledger.append({ ...event, at: Date.now(), headerBytes: bytes });
    }
    await ledger.close();
    const check = ['ledger', '--verify', '--data', folder.path];
    expect((await frAdminHere(check)).stdout).toContain('the chain holds: 3 records');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"headerBytes":200', '"headerBytes":100'));
    const ended = await frAdminHere(check);
    expect(ended.stdout).toContain('THE CHAIN IS BROKEN at record 2');
    expect((await frAdmin(check)).code).toBe(1);
    expect(JSON.parse((await frAdminHere([...check, '--json'])).stdout)).toMatchObject({
      ok: false,
      firstBad: 2,
    });
    await writeFile(file, whole);
  });
});

test('a damaged database is set aside, said in one line, and the server starts', async () => {
  const data = join(await testFolder(), 'site');
  expect(await (await serveSite(['--data', data])).stop()).toBe(0);
  await writeFile(join(data, 'store.sqlite'), 'this was a database once'.repeat(500));
  const again = await serveSite(['--data', data]);
  expect(again.stderr()).toMatch(/^fr-admin: store\.sqlite was damaged [^\n]+\n$/);
  expect((await frAdminHere(['verify', '--data', data])).code).toBe(0);
  expect(await again.stop()).toBe(0);
});
