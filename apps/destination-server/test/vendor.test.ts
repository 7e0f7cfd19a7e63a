import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketId, problemId } from '@fr/bucket';
import { describePart, MEDIA_TYPE, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { issueToken } from '@fr/protocol/signature';
import { newFolder, type ServerProcess, type TestFolder } from '@fr/test-harness';
import { testFolder } from '@fr/test-harness/in-process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  frDestination,
  frDestinationHere,
  frDestinationJson,
  serveVendor,
} from './support/fr-destination.ts';

const BUCKET = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};
const ID = bucketId(BUCKET);

let served: ServerProcess | undefined;
let folder: TestFolder;
let token = '';

/** An offer of the one bucket, as a site sends it. */
async function offer(bearer: string, accepts?: string): Promise<Response> {
  const buckets = [{ bucket: BUCKET, hits: 4, holds: [{ type: 'stack', count: 1 }] }];
  const origin = { id: '01890a5d-ac96-774b-bcce-b302099a8057', epoch: 1 };
  return await fetch(`${served?.url}/v1/offers`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${bearer}`,
      ...(accepts !== undefined && { 'accept-encoding': accepts }),
    },
    body: JSON.stringify({ protocol: 1, origin, buckets }),
  });
}

async function put(bearer: string | undefined): Promise<Response> {
  const content = Buffer.from('Error: x');
  const part = describePart('stack', 'text/plain', content);
  const header = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket: BUCKET,
    outcome: 'fatal' as const,
    at: Date.now(),
    demands: ['vendor-default'],
    parts: [part],
  };
  const body = new Uint8Array(Buffer.from(await printFrame(header, [{ part, content }])));
  const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  return await fetch(`${served?.url}/v1/entries/${header.entryId}`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.entry, ...authorization },
    body,
  });
}

beforeAll(async () => {
  folder = await newFolder();
  served = await serveVendor(['--data', folder.path]);
  const add = ['sites', 'add', 'north', '--data', folder.path];
  const printed = await frDestinationHere(add);
  token = printed.stdout.trim();
  const reply = await offer(token);
  if (reply.status !== 200) throw new Error(await reply.text());
});

afterAll(async () => {
  await served?.stop();
  await folder?.remove();
});

describe('a slip at the command line', () => {
  test.each([
    ['bucket', 'did you mean buckets?'],
    ['sites ad north', 'did you mean add?'],
    ['sites add', "missing required argument 'name'"],
    ['sites list', '--data DIR'],
    ['demand --type stack --reason why --data FOLDER', 'name one, a problem, or fields of a pattern'],
    [`demand ${ID} --type stack --data FOLDER`, '--reason <text>'],
    [`demand ${ID} --reason why --data FOLDER`, '--type <types...>'],
    [`demand ${ID} --type stak --reason why --data FOLDER`, 'did you mean "stack"?'],
    [`demand ${ID} --type stack --reason why --until soon --data FOLDER`, '--until "soon"'],
    [`demand ${ID} --type stack --reason why --until 31d --data FOLDER`, 'longer than 30 days'],
    [`demand ${ID} --type stack --reason why --until 2020-01-01 --data FOLDER`, 'over before it begins'],
    [`demand ${ID} --type stack --reason why --count 0 --data FOLDER`, 'a count is from 1'],
    [`demand ${ID} --type stack stack --reason why --data FOLDER`, 'an information type twice'],
    ['demand till --type stack --reason why --data FOLDER', 'neither a bucket id (b…) nor a problem id (p…)'],
    ['serve --port 70000 --data FOLDER', '--port "70000"'],
    ['serve --log-level all --data FOLDER', 'silent, error, warn, info, debug'],
  ])('`%s` exits 2 and says what to do', async (line, advice) => {
    const words = line.split(' ').map((word) => (word === 'FOLDER' ? folder.path : word));
    const ended = await frDestinationHere(words);
    expect(ended.stderr).toMatch(/^fr-destination: [^\n]+\n$/);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([2, '', expect.stringContaining(advice)]);
  });
});

describe('what cannot be done', () => {
  test.each([
    [`demand b${'a'.repeat(26)} --type stack --reason why`, 'no site has offered'],
    ['withdraw d-none', 'there is no open demand "d-none"'],
    ['show d-none', 'nothing here is called "d-none"'],
    ['sites add north', 'revoke it first'],
    ['sites revoke south', '`sites list` shows them'],
  ])('`%s` exits 1 in one line', async (line, advice) => {
    const ended = await frDestinationHere([...line.split(' '), '--data', folder.path]);
    expect(ended.stderr).toMatch(/^fr-destination: [^\n]+\n$/);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([1, '', expect.stringContaining(advice)]);
  });

  test('a folder that cannot be served, or is served already, is said in one line', async () => {
    const parent = await testFolder();
    const file = join(parent, 'file');
    const foreign = join(parent, 'foreign');
    await writeFile(file, '');
    await mkdir(join(foreign, 'photos'), { recursive: true });
    for (const [data, advice] of [
      [file, 'is a file'],
      [foreign, 'choose an empty folder'],
      [folder.path, 'is served by process'],
    ] as const) {
      const ended = await frDestinationHere(['serve', '--port', '0', '--data', data]);
      expect(ended.stderr).toMatch(/^fr-destination: [^\n]+\n$/);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(advice)]);
    }
  });

  test('a start on a taken port leaves the folder free', async () => {
    const data = join(await testFolder(), 'vendor');
    const port = new URL(served?.url ?? '').port;
    const ended = await frDestinationHere(['serve', '--port', port, '--data', data]);
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining(`port ${port} on 127.0.0.1 is taken`),
    ]);
    const free = await serveVendor(['--data', data]);
    expect(await free.stop()).toBe(0);
    expect(free.stderr()).toBe('');
  });
});

describe('demands and sites', () => {
  test('a demand is made for a bucket and for its problem, shown, and withdrawn once', async () => {
    const here = ['--data', folder.path];
    const ask = ['--type', 'stack', 'packages', '--count', '2', '--reason', 'which till?', ...here];
    const made = await frDestinationJson<{ demandId: string }>(['demand', ID, ...ask]);
    expect(made).toMatchObject({ state: 'open', pattern: { bucketId: ID }, reason: 'which till?' });
    const wide = await frDestinationJson<object>(['demand', problemId(BUCKET), ...ask]);
    expect(wide).toMatchObject({ state: 'open', pattern: { problemId: problemId(BUCKET) } });
    expect(await frDestinationJson(['show', made.demandId, ...here])).toMatchObject(made);
    const withdraw = ['withdraw', made.demandId, ...here];
    expect(await frDestinationJson(withdraw)).toEqual({ demandId: made.demandId, state: 'closed' });
    expect((await frDestinationHere(withdraw)).code).toBe(1);
  });

  test('every reading command prints one JSON value, with and without a server', async () => {
    const lines = ['buckets', 'problems', 'entries', 'demands', 'verify', 'sites list', `show ${ID}`];
    const read = async (): Promise<readonly unknown[]> => {
      const values: unknown[] = [];
      for (const line of lines)
        values.push(await frDestinationJson([...line.split(' '), '--data', folder.path]));
      return values;
    };
    const beside = await read();
    expect(beside[0]).toMatchObject({ rows: [{ bucketId: ID, hits: 4, entries: { stored: 0 } }] });
    expect(await served?.stop()).toBe(0);
    expect(await read()).toEqual(beside);
    const process = await frDestination(['sites', 'add', 'south', '--data', folder.path]);
    expect([process.code, process.stderr]).toEqual([0, '']);
    expect(process.stdout).toMatch(/^frs_[a-z2-7]{32}_[a-z2-7]{26}\n$/);
    served = await serveVendor(['--data', folder.path]);
  });

  test('without a token, with a foreign one and with a revoked one no door opens', async () => {
    const strangers = [
      issueToken('frs', 'a'.repeat(26)),
      issueToken('frk', 'a'.repeat(26)),
      token.slice(0, -1),
      '',
    ];
    for (const stranger of strangers) {
      for (const reply of [await offer(stranger), await put(stranger)])
        expect([reply.status, await reply.json()]).toMatchObject([401, { code: 'unauthorized' }]);
    }
    expect((await put(undefined)).status).toBe(401);
    const admin = await fetch(`${served?.url}/v1/admin/entries`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([admin.status, admin.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect((await put(token)).status).toBe(201);
    expect((await frDestinationHere(['sites', 'revoke', 'north', '--data', folder.path])).code).toBe(0);
    expect([(await offer(token)).status, (await put(token)).status]).toEqual([401, 401]);
  });

  test.each([
    ['gzip, deflate', 'gzip'],
    ['br;q=0.5, GZIP ;q=1.0', 'gzip'],
    ['gzip;q=0', null],
    ['identity', null],
  ])('a reply is compressed for whoever reads it: %s', async (accepts, encoding) => {
    const name = `reader-${accepts.replaceAll(/[^a-z]/g, '')}`;
    const added = ['sites', 'add', name, '--data', folder.path];
    const { token: mine } = await frDestinationJson<{ token: string }>(added);
    const reply = await offer(mine, accepts);
    expect(reply.headers.get('content-encoding')).toBe(encoding);
    expect(await reply.json()).toMatchObject({ tag: expect.any(String), quotas: expect.any(Array) });
  });

  test.each([
    ['application/json', '{', 400, 'malformed'],
    ['application/json', '{"protocol":1}', 400, 'malformed'],
    ['text/plain', 'x', 415, 'unsupported-media-type'],
    ['application/json', `"${'x'.repeat(5 << 20)}"`, 413, 'too-large'],
  ])(
    'a bad offer (%#) is answered with a problem document, and the server goes on',
    async (type, body, status, code) => {
      const { token: mine } = await frDestinationJson<{ token: string }>([
        ...['sites', 'add', `site-${status}-${body.length}`, '--data', folder.path],
      ]);
      const reply = await fetch(`${served?.url}/v1/offers`, {
        method: 'POST',
        headers: { 'content-type': type, authorization: `Bearer ${mine}` },
        body,
      });
      expect([reply.status, await reply.json()]).toMatchObject([status, { code, status }]);
      expect((await offer(mine)).status).toBe(200);
    },
  );
});
