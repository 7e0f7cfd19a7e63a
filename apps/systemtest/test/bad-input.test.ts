import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePart, MEDIA_TYPE, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { issueToken } from '@fr/protocol/signature';
import {
  command,
  commandJson,
  type Ended,
  runNode,
  type ServerProcess,
  startServer,
  until,
} from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN } from '../src/harness/paths.ts';
import { type RecordingProxy, startRecordingProxy } from '../src/harness/recording-proxy.ts';

const BUCKET = {
  program: 'till',
  programVersion: '2.3.0',
  module: 'till',
  moduleVersion: '2.3.0',
  location: 'price.js:totalOf',
};

let root = '';
let site = '';
let vendorFolder = '';
let vendor: ServerProcess;
let proxy: RecordingProxy;
let stranger: Server;
let strangerUrl = '';
let answer: (response: ServerResponse) => void = (response) => response.end('<html>');

interface Row {
  readonly entryId: string;
  readonly state: string;
}

async function frame(text = 'Error: x'): Promise<{ readonly id: string; readonly body: Buffer }> {
  const content = Buffer.from(text);
  const part = describePart('stack', 'text/plain', content);
  const header = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket: BUCKET,
    outcome: 'fatal' as const,
    at: Date.now(),
    demands: ['site-default'],
    parts: [part],
  };
  return { id: header.entryId, body: Buffer.from(await printFrame(header, [{ part, content }])) };
}

async function put(server: ServerProcess): Promise<string> {
  const { id, body } = await frame();
  const reply = await fetch(`${server.url}/v1/entries/${id}`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.entry },
    body: new Uint8Array(body),
  });
  expect(reply.status).toBe(201);
  return id;
}

const entries = async (data: string, bin: string = BIN.frAdmin): Promise<readonly Row[]> =>
  (await commandJson<{ rows: readonly Row[] }>(bin, ['entries', '--data', data])).rows;

const admin = (...words: readonly string[]): Promise<Ended> => runNode([BIN.frAdmin, ...words]);

function serveSite(data: string, upstream: string, token: string): Promise<ServerProcess> {
  const up = ['--upstream', upstream, '--upstream-token', token, '--upstream-program', 'till'];
  return startServer(BIN.frAdmin, ['--data', data, '--port', '0', '--sync-every', '1h', ...up]);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fr bad input-'));
  site = join(root, 'site');
  vendorFolder = join(root, 'vendor');
  vendor = await startServer(BIN.frDestination, ['--data', vendorFolder, '--port', '0']);
  proxy = await startRecordingProxy(vendor.url);
  stranger = createServer((request, response) => {
    request.resume().on('end', () => answer(response));
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = stranger.address();
  strangerUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterAll(async () => {
  await vendor?.kill();
  await proxy?.close();
  stranger?.closeAllConnections();
  stranger?.close();
  await rm(root, { recursive: true, force: true });
});

describe('a destination that is away, wrong or strange', () => {
  test('every pass that fails says why in one line and keeps the entry pending; the next good one delivers it once', async () => {
    const token = (
      await command(BIN.frDestination, ['sites', 'add', 'north', '--data', vendorFolder])
    ).trim();
    const server = await serveSite(site, proxy.url, token);
    const id = await put(server);
    const foreign = JSON.stringify({ key: 'A'.repeat(43), demands: [], quotas: [], totals: [] });
    const reply = (status: number, type: string, body: string) => (response: ServerResponse) => {
      response.writeHead(status, { 'content-type': type, location: vendor.url }).end(body);
    };
    for (const [behave, advice] of [
      [reply(200, 'text/html', '<h1>Welcome</h1>'), 'text/html'],
      [reply(404, 'text/html', '<h1>Nothing</h1>'), 'answers 404'],
      [reply(302, 'text/plain', ''), 'redirect'],
      [reply(500, 'application/problem+json', '{"code":"internal","detail":"\u001b[2J"}'), 'answers 500'],
      [reply(200, 'application/json', '{"demands":'), 'makes no sense'],
      [reply(200, 'application/json', foreign), 'key'],
      [(response: ServerResponse) => response.destroy(), 'cannot be reached'],
    ] as const) {
      answer = behave;
      proxy.target(strangerUrl);
      const ended = await admin('sync', '--data', site, '--json');
      expect(ended.stderr).toMatch(/^fr-admin: \P{Cc}+; entries stay pending, the next pass tries again\n$/u);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(advice)]);
      expect(JSON.parse(ended.stdout)).toMatchObject({ uploaded: 0, payloadBytes: 0, failure: {} });
      expect(await entries(site)).toMatchObject([{ entryId: id, state: 'pending' }]);
    }
    proxy.target(vendor.url);
    expect((await admin('sync', '--data', site)).code).toBe(0);
    expect(await entries(site)).toMatchObject([{ entryId: id, state: 'uploaded' }]);
    const held = await entries(vendorFolder, BIN.frDestination);
    expect(held.map(({ entryId }) => entryId)).toEqual([id]);
    expect((await admin('ledger', '--verify', '--data', site)).code).toBe(0);
    expect(await server.stop()).toBe(0);
  });

  test('a token that was revoked, and one of another vendor, are refused; a new one delivers what waited', async () => {
    const data = join(root, 'south');
    const sites = (...words: readonly string[]) =>
      command(BIN.frDestination, ['sites', ...words, 'south', '--data', vendorFolder]);
    const revoked = (await sites('add')).trim();
    await sites('revoke');
    const otherVendor = issueToken('frs', 'a'.repeat(26));
    let id = '';
    for (const token of [revoked, otherVendor]) {
      const server = await serveSite(data, vendor.url, token);
      if (id === '') id = await put(server);
      const ended = await admin('sync', '--data', data);
      expect([ended.code, ended.stderr]).toEqual([
        1,
        expect.stringMatching(/^fr-admin: .* answers 401 [^\n]+\n$/),
      ]);
      expect(await server.stop()).toBe(0);
    }
    const server = await serveSite(data, vendor.url, (await sites('add')).trim());
    // The first pass begins with the server; ours joins it or follows it.
    expect((await admin('sync', '--data', data)).code).toBe(0);
    expect((await entries(data)).map(({ entryId, state }) => [entryId, state])).toEqual([
      [id, expect.any(String)],
    ]);
    expect(await server.stop()).toBe(0);
  });
});

describe('a server that is told to stop', () => {
  test('while it waits for a destination that never answers, it ends at once and the entry stays', async () => {
    const data = join(root, 'waiting');
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    // The pass a server begins with may be the one that asks.
    const asked = once(silent, 'request');
    const server = await serveSite(data, url, issueToken('frs', 'a'.repeat(26)));
    const id = await put(server);
    await asked;
    expect(await server.stop()).toBe(0);
    expect(server.output()).toMatch(/\nfr-admin: sync: [^\n]+; the next pass tries again\n$/);
    expect(await entries(data)).toMatchObject([{ entryId: id, state: 'pending' }]);
    silent.closeAllConnections();
    silent.close();
  });

  test('while an entry is coming in, it takes it whole, answers, and exits 0', async () => {
    const data = join(root, 'stopping');
    const server = await startServer(BIN.frAdmin, ['--data', data, '--port', '0']);
    const { id, body } = await frame('Error: y\n'.repeat(4_000));
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let reply = '';
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1');
    });
    const head = `PUT /v1/entries/${id} HTTP/1.1\r\nhost: x\r\ncontent-type: ${MEDIA_TYPE.entry}\r\n`;
    socket.write(`${head}content-length: ${body.length}\r\n\r\n`);
    socket.write(body.subarray(0, 8_000));
    await until('the server has begun to read', async () => (socket.bytesWritten > 8_000 ? true : undefined));
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
    const stopped = server.stop();
    await until('it takes no new connection', async () =>
      fetch(`${server.url}/health/live`).then(
        () => undefined,
        () => true,
      ),
    );
    socket.write(body.subarray(8_000));
    await once(socket, 'close');
    expect(reply).toMatch(/^HTTP\/1\.1 201 /);
    expect(await stopped).toBe(0);
    expect(await entries(data)).toMatchObject([{ entryId: id }]);
  });
});

describe('a folder after a kill, and the folder of the other server', () => {
  test('kill -9 leaves a folder on which commands and the next server work', async () => {
    const data = join(root, 'killed');
    const first = await startServer(BIN.frAdmin, ['--data', data, '--port', '0']);
    const id = await put(first);
    await first.kill();
    const added = await admin('keys', 'add', 'shop-floor', '--data', data);
    expect([added.code, added.stderr]).toEqual([0, '']);
    const next = await startServer(BIN.frAdmin, ['--data', data, '--port', '0']);
    expect(await entries(data)).toMatchObject([{ entryId: id }]);
    expect(await next.stop()).toBe(0);
  });

  test("each command refuses the other server's folder", async () => {
    const wrong = await admin('serve', '--port', '0', '--data', vendorFolder);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('is served by process')]);
    const look = await admin('buckets', '--data', vendorFolder);
    expect([look.code, look.stderr]).toEqual([
      1,
      `fr-admin: ${vendorFolder} is the folder of a destination server; \`fr-destination\` works on it\n`,
    ]);
    const data = join(root, 'other');
    expect(await (await startServer(BIN.frAdmin, ['--data', data, '--port', '0'])).stop()).toBe(0);
    const serve = await runNode([BIN.frDestination, 'serve', '--port', '0', '--data', data]);
    expect([serve.code, serve.stdout, serve.stderr]).toEqual([
      1,
      '',
      `fr-destination: ${data} is the folder of a file server; \`fr-admin\` works on it\n`,
    ]);
  });
});
