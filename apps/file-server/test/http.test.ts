import { once } from 'node:events';
import { connect } from 'node:net';
import { describePart, MEDIA_TYPE, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { issueToken } from '@fr/protocol/signature';
import { newFolder, type ServerProcess, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frAdminJson, serveSite } from './support/fr-admin.ts';

const BUCKET = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};

let served: ServerProcess;
let folder: TestFolder;

beforeAll(async () => {
  folder = await newFolder();
  served = await serveSite(['--data', folder.path]);
});

afterAll(async () => {
  await served?.stop();
  await folder?.remove();
});

async function frame(): Promise<{ readonly id: string; readonly body: Buffer }> {
  const content = Buffer.from('Error: x\n    at totalOf (price.js:3:9)\n'.repeat(200));
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

async function put(id: string, body: Buffer): Promise<Response> {
  const headers = { 'content-type': MEDIA_TYPE.entry };
  return await fetch(`${served.url}/v1/entries/${id}`, {
    method: 'PUT',
    body: new Uint8Array(body),
    headers,
  });
}

/** Sends bytes as they are; resolves with all that comes back until the server closes. */
async function rawRequest(bytes: Buffer | string, options: { hangUp?: boolean } = {}): Promise<string> {
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
  let reply = '';
  socket.on('data', (chunk: Buffer) => {
    reply += chunk.toString('latin1');
  });
  // A reset is an answer too.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(bytes, resolve));
  if (options.hangUp) socket.destroy();
  await once(socket, 'close');
  return reply;
}

async function entriesHeld(): Promise<number> {
  return (await frAdminJson<{ rows: readonly unknown[] }>(['entries', '--data', folder.path])).rows.length;
}

describe('bad requests to a running file server', () => {
  const json = { 'content-type': 'application/json' };
  const msgpack = { 'content-type': 'application/msgpack' };
  // 50 bytes that announce four thousand million elements, and nests of maps of them.
  const bomb = Buffer.concat([
    Buffer.from('dc0010', 'hex'),
    Buffer.alloc(42, 0x91),
    Buffer.from('ddffffffff', 'hex'),
  ]);

  test.each([
    ['GET', '/v1/hits', {}, undefined, 404, 'not-found'],
    ['DELETE', '/v1/hits', {}, undefined, 404, 'not-found'],
    ['GET', '/v2/anything?token=secret', {}, undefined, 404, 'not-found'],
    ['GET', '/v1/entries/%zz', {}, undefined, 400, 'malformed'],
    ['POST', '/v1/hits', json, '{"protocol":', 400, 'malformed'],
    ['POST', '/v1/hits', json, '[]', 400, 'malformed'],
    ['POST', '/v1/hits', json, '{"__proto__":{"a":1},"protocol":1,"hits":[]}', 400, 'malformed'],
    ['POST', '/v1/hits', json, '{"protocol":2,"hits":[]}', 400, 'unsupported-version'],
    ['POST', '/v1/hits', json, `"${'x'.repeat(5 << 20)}"`, 413, 'too-large'],
    ['POST', '/v1/hits', msgpack, bomb, 400, expect.stringMatching(/^(malformed|too-deep|too-large)$/)],
    ['POST', '/v1/hits', { 'content-type': 'text/html' }, '<p>', 415, 'unsupported-media-type'],
    ['POST', '/v1/hits', { ...json, 'content-encoding': 'gzip' }, 'not gzip', 400, 'malformed'],
    ['PUT', '/v1/entries/..%2f..%2fx', { 'content-type': MEDIA_TYPE.entry }, 'x', 400, 'malformed'],
    [
      'PUT',
      '/v1/entries/01890a5d-ac96-774b-bcce-b302099a8057',
      { 'content-type': MEDIA_TYPE.entry },
      'x',
      400,
      'malformed',
    ],
    ['PUT', '/v1/entries/01890a5d-ac96-774b-bcce-b302099a8058', json, '{}', 415, 'unsupported-media-type'],
    ['GET', '/v1/admin/buckets', {}, undefined, 401, 'unauthorized'],
    ['POST', '/v1/admin/approve', json, '{}', 401, 'unauthorized'],
    ['POST', '/v1/offers', json, '{}', 404, 'not-found'],
  ])('%s %s (%#) is answered with a problem document', async (method, path, headers, body, status, code) => {
    const init = { method, headers: headers as Record<string, string> };
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const response = await fetch(`${served.url}${path}`, {
      ...init,
      ...(bytes ? { body: new Uint8Array(bytes) } : {}),
    });
    const document = (await response.json()) as { readonly detail: string };
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(document).toMatchObject({ status, code, title: expect.any(String), type: expect.any(String) });
    expect(response.status).toBe(status);
    expect(document.detail).not.toMatch(/secret|\/work|node_modules|at /);
    expect((await fetch(`${served.url}/health/ready`)).status).toBe(200);
  });

  test.each(['GET', 'POST', 'PUT'])(
    "a vendor's site token and a reporter's key open nothing (%s)",
    async (method) => {
      const reporter = await frAdminJson<{ token: string }>([
        'keys',
        'add',
        `reporter-${method}`,
        '--data',
        folder.path,
      ]);
      const paths = { GET: '/v1/admin/entries', POST: '/v1/hits', PUT: `/v1/entries/${uuidv7()}` };
      const tokens = [issueToken('frs', 'a'.repeat(26)), ...(method === 'GET' ? [reporter.token] : [])];
      for (const token of tokens) {
        const response = await fetch(`${served.url}${paths[method as keyof typeof paths]}`, {
          method,
          headers: { ...json, authorization: `Bearer ${token}` },
          ...(method === 'GET' ? {} : { body: '{"protocol":1,"hits":[]}' }),
        });
        expect([response.status, await response.json()]).toMatchObject([401, { code: 'unauthorized' }]);
      }
    },
  );

  test('what is no HTTP gets a problem document before the connection is closed', async () => {
    for (const bytes of ['HELO mail.example\r\n\r\n', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`]) {
      const reply = await rawRequest(bytes);
      expect(reply).toContain('HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json');
      expect(reply).toContain('"code":"malformed"');
    }
  });

  test('headers that never end are cut off with a problem document', { timeout: 30_000 }, async () => {
    const reply = await rawRequest('POST /v1/hits HTTP/1.1\r\nhost: x\r\n');
    expect(reply).toContain('HTTP/1.1 408 Request Timeout\r\ncontent-type: application/problem+json');
  });

  test('of a body that breaks off in the middle nothing is kept; the same entry goes in afterwards, once', async () => {
    const held = await entriesHeld();
    const { id, body } = await frame();
    const head = `PUT /v1/entries/${id} HTTP/1.1\r\nhost: x\r\ncontent-type: ${MEDIA_TYPE.entry}\r\n`;
    const length = `content-length: ${body.length}\r\n\r\n`;
    await rawRequest(Buffer.concat([Buffer.from(head + length), body.subarray(0, body.length / 2)]), {
      hangUp: true,
    });
    expect(await entriesHeld()).toBe(held);
    expect((await put(id, body)).status).toBe(201);
    expect((await put(id, body)).status).toBe(200);
    expect(await entriesHeld()).toBe(held + 1);
  });
});
