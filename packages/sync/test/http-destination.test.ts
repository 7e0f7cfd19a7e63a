import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { frameSize, MAX_MESSAGE_BYTES, MEDIA_TYPE, type Offer, printFrame, writeFrame } from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import { type Destination, httpDestination, SyncError } from '@fr/sync';
import { afterEach, expect, test } from 'vitest';
import { contentOf, demandOf, headerOf, vendorKey } from './fixture.ts';

const open: (Server | ReturnType<typeof createTcp>)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** A real server that writes down what arrives and answers as it is told. */
async function serve(
  answer: (response: ServerResponse, seen: Seen) => void,
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one: Seen = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    seen.push(one);
    answer(response, one);
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const offer: Offer = {
  protocol: 1,
  origin: { id: '01900000-0000-7000-8000-000000000001', epoch: 1 },
  buckets: [],
};
const body = encodeMessage(offer, 'msgpack');
const reply = {
  key: vendorKey.publicKey,
  demands: [demandOf([{ type: 'stack', count: 1 }])],
  tag: 'a-tag',
  quotas: [],
};
const header = headerOf(['stack', 'environment']);
const size = frameSize(header);
const contents = header.parts.map((part) => ({ part, content: contentOf(header.entryId, part.type) }));
const send = (destination: Destination, signal?: AbortSignal) =>
  destination.upload(header, size, writeFrame(header, contents), { signal });

function msgpack(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': MEDIA_TYPE.msgpack }).end(encodeMessage(value, 'msgpack'));
}

function problem(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': MEDIA_TYPE.problem })
    .end(JSON.stringify({ code, status, detail: 'so it is' }));
}

test('an offer is exactly the bytes given, with the token, and the reply is read', async () => {
  const { url, seen } = await serve((response) => msgpack(response, reply));
  const destination = httpDestination({ url, token: 'frs_secret' });
  expect(destination.to).toBe(url);
  expect(await destination.offer(offer, body)).toEqual(reply);
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: '/v1/offers',
      headers: {
        authorization: 'Bearer frs_secret',
        'content-type': MEDIA_TYPE.msgpack,
        'content-length': String(body.byteLength),
      },
    },
  ]);
  expect(seen[0]?.headers['content-encoding']).toBeUndefined();
  expect(seen[0]?.body.equals(body)).toBe(true);
});

test('a JSON reply is read as well', async () => {
  const { url } = await serve((response) =>
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(reply)),
  );
  expect(await httpDestination({ url, token: 't' }).offer(offer, body)).toEqual(reply);
});

test('an entry is exactly its frame, as long as the ledger counts it, streamed with its length', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const { url, seen } = await serve((response) =>
    msgpack(response, { entryId: header.entryId, result: 'stored', digest }, 201),
  );
  expect(await send(httpDestination({ url: `${url}/behind/a/path`, token: 't' }))).toEqual({
    result: 'stored',
    digest,
  });
  expect(seen).toMatchObject([
    {
      method: 'PUT',
      url: `/behind/a/path/v1/entries/${header.entryId}`,
      headers: {
        'content-type': MEDIA_TYPE.entry,
        'content-length': String(size.headerBytes + size.payloadBytes),
      },
    },
  ]);
  expect(seen[0]?.headers['transfer-encoding']).toBeUndefined();
  expect(seen[0]?.body.equals(await printFrame(header, contents))).toBe(true);
});

test.each([
  [409, 'not-needed', { result: 'not-needed' }],
  [403, 'refused-by-policy', { result: 'refused', code: 'refused-by-policy', detail: 'so it is' }],
  [413, 'too-large', { result: 'refused', code: 'too-large', detail: 'so it is' }],
  [409, 'conflict', { result: 'refused', code: 'conflict', detail: 'so it is' }],
])('an upload answered %i %s is a result', async (status, code, result) => {
  const { url } = await serve((response) => problem(response, status, code));
  expect(await send(httpDestination({ url, token: 't' }))).toEqual(result);
});

test.each([
  [401, 'unauthorized'],
  [429, 'upstream-failed'],
  [500, 'upstream-failed'],
  [503, 'upstream-failed'],
])('an upload answered %i ends the pass', async (status, code) => {
  const { url } = await serve((response) => problem(response, status, 'busy'));
  await expect(send(httpDestination({ url, token: 't' }))).rejects.toMatchObject({
    code,
    nothingLeft: false,
  });
});

test.each([
  [
    'an HTML page',
    (r: ServerResponse) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello'),
    'bad-reply',
  ],
  ['something else in msgpack', (r: ServerResponse) => msgpack(r, { hello: 1 }), 'bad-reply'],
  [
    'half a message',
    (r: ServerResponse) =>
      r
        .writeHead(200, { 'content-type': MEDIA_TYPE.msgpack })
        .end(encodeMessage(reply, 'msgpack').subarray(0, 50)),
    'bad-reply',
  ],
  ['nothing at all', (r: ServerResponse) => r.writeHead(204).end(), 'bad-reply'],
  [
    'more than a message may hold',
    (r: ServerResponse) =>
      r.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack }).end(Buffer.alloc(MAX_MESSAGE_BYTES + 1)),
    'bad-reply',
  ],
  [
    'a redirect',
    (r: ServerResponse) => r.writeHead(307, { location: 'http://127.0.0.1:1/elsewhere' }).end(),
    'redirected',
  ],
  ['a closed connection', (r: ServerResponse) => r.destroy(), 'unreachable'],
  ['a server error', (r: ServerResponse) => r.writeHead(502).end('bad gateway'), 'upstream-failed'],
  ['no such site', (r: ServerResponse) => problem(r, 403, 'forbidden'), 'unauthorized'],
] as [string, (r: ServerResponse) => void, string][])(
  'an offer answered with %s costs one attempt',
  async (_, answer, code) => {
    const { url, seen } = await serve(answer);
    await expect(httpDestination({ url, token: 't' }).offer(offer, body)).rejects.toMatchObject({
      name: 'SyncError',
      code,
    });
    expect(seen.length).toBe(1);
  },
);

test('a reply that unpacks to far more than was sent is cut off', async () => {
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
  const { url } = await serve((response) =>
    response.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack, 'content-encoding': 'gzip' }).end(bomb),
  );
  await expect(httpDestination({ url, token: 't' }).offer(offer, body)).rejects.toMatchObject({
    code: 'bad-reply',
  });
});

test('nobody listening: unreachable, and it is certain that nothing left', async () => {
  const { url } = await serve(() => undefined);
  const [server] = open.splice(0);
  await new Promise((done) => server?.close(done));
  const destination = httpDestination({ url, token: 't' });
  await expect(destination.offer(offer, body)).rejects.toMatchObject({
    code: 'unreachable',
    nothingLeft: true,
  });
  await expect(send(destination)).rejects.toMatchObject({ code: 'unreachable', nothingLeft: true });
});

test('a destination that never answers, or trickles, is given up after the time', async () => {
  const silent = await serve(() => undefined);
  await expect(
    httpDestination({ url: silent.url, token: 't', timeoutMs: 100 }).offer(offer, body),
  ).rejects.toMatchObject({ code: 'timeout' });
  const trickling = await serve((response) =>
    response.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack }).write('x'),
  );
  await expect(
    httpDestination({ url: trickling.url, token: 't', timeoutMs: 100 }).offer(offer, body),
  ).rejects.toMatchObject({ code: 'timeout' });
});

test('an aborted request ends at once', async () => {
  const abort = new AbortController();
  const { url } = await serve(() => abort.abort());
  await expect(
    httpDestination({ url, token: 't' }).offer(offer, body, { signal: abort.signal }),
  ).rejects.toMatchObject({ code: 'aborted' });
});

test('an answer that comes before the whole entry was sent is heard', async () => {
  const server = createTcp((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const text = JSON.stringify({ code: 'not-needed', detail: 'not now' });
      socket.end(
        `HTTP/1.1 409 Conflict\r\ncontent-type: application/problem+json\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
      );
    });
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let taken = 0;
  async function* endless() {
    for (let n = 0; n < 1000; n++) {
      taken += 1;
      yield new Uint8Array(65_536);
      await new Promise((next) => setImmediate(next));
    }
  }
  const large = { headerBytes: 0, payloadBytes: 65_536_000 };
  expect(await httpDestination({ url, token: 't' }).upload(header, large, endless())).toEqual({
    result: 'not-needed',
  });
  expect(taken).toBeLessThan(1000);
});

test.each([
  'vendor.example',
  'ftp://vendor.example',
  'https://user:pass@vendor.example',
  'https://vendor.example?x=1',
  '',
])('%j is not an address', (url) => {
  expect(() => httpDestination({ url, token: 't' })).toThrow(SyncError);
});

/** An entry with one part of so many mebibytes, and how much of it was read. */
function largeEntry(mebibytes: number) {
  const chunk = Buffer.alloc(1 << 20, 'z');
  const part = {
    ...header.parts[0],
    type: 'heap-snapshot',
    contentType: 'text/plain',
    bytes: mebibytes << 20,
  };
  const large = { ...header, parts: [{ ...part, sha256: '0'.repeat(64) }] };
  const read = { bytes: 0 };
  async function* content() {
    for (let n = 0; n < mebibytes; n++) {
      read.bytes += chunk.byteLength;
      // A copy, as a file gives one.
      yield Buffer.from(chunk);
    }
  }
  const frame = () =>
    writeFrame(
      large,
      large.parts.map((one) => ({ part: one, content: content() })),
    );
  return { header: large, size: frameSize(large), frame, read };
}

test('a large entry is read no faster than it is sent, and shows its fences before a byte of it', async () => {
  let before = '';
  let received = 0;
  const server = createServer();
  open.push(server);
  server.on('checkContinue', async (request, response) => {
    before = `${String(request.headers['fr-lease'])} ${read.bytes}`;
    response.writeContinue();
    for await (const chunk of request) {
      received += (chunk as Buffer).byteLength;
      if (received % (8 << 20) < 65_536) await new Promise((done) => setTimeout(done, 5));
      // What lies between reader and receiver: buffers of sockets, never the whole.
      expect(read.bytes - received).toBeLessThan(32 << 20);
    }
    response.writeHead(409, { 'content-type': MEDIA_TYPE.problem });
    response.end('{"code":"not-needed","detail":""}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const { header: large, size: length, frame, read } = largeEntry(64);
  const destination = httpDestination({ url: `http://127.0.0.1:${port}`, token: 'frs_x' });
  const result = await destination.upload(large, length, frame(), { fences: [41, 42] });
  expect(result).toEqual({ result: 'not-needed' });
  expect(before).toBe('41, 42 0');
  expect(received).toBe(length.headerBytes + length.payloadBytes);
});

test.each([
  ['before it began', 0],
  ['in the middle', 4 << 20],
])('a large entry that is refused %s is not sent on', async (_, after) => {
  const server = createServer();
  open.push(server);
  server.on('checkContinue', async (request, response) => {
    const refuse = () => {
      response.writeHead(409, { 'content-type': MEDIA_TYPE.problem });
      response.end('{"code":"lease-over","detail":""}');
    };
    if (after === 0) return refuse();
    response.writeContinue();
    let received = 0;
    request.on('data', (chunk: Buffer) => {
      received += chunk.byteLength;
      if (received > after && !response.headersSent) refuse();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const { header: large, size: length, frame, read } = largeEntry(256);
  const destination = httpDestination({ url: `http://127.0.0.1:${port}`, token: 'frs_x' });
  expect(await destination.upload(large, length, frame(), {})).toEqual({ result: 'unleased' });
  expect(read.bytes).toBeLessThan(after + (64 << 20));
  if (after === 0) expect(read.bytes).toBe(0);
});

test('a large entry is sent to a server that knows nothing of waiting, and none is there to nobody', async () => {
  const { header: large, size: length, frame } = largeEntry(2);
  const { url } = await serve((response) => response.writeHead(500).end());
  await expect(httpDestination({ url, token: 'x' }).upload(large, length, frame())).rejects.toMatchObject({
    code: 'upstream-failed',
  });
  await expect(
    httpDestination({ url: 'http://127.0.0.1:9', token: 'x' }).upload(large, length, frame()),
  ).rejects.toMatchObject({ code: 'unreachable', nothingLeft: true });
  const stuck = createTcp((socket) => socket.resume());
  open.push(stuck);
  await new Promise<void>((done) => stuck.listen(0, '127.0.0.1', done));
  const { port } = stuck.address() as AddressInfo;
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 200);
  await expect(
    httpDestination({ url: `http://127.0.0.1:${port}`, token: 'x' }).upload(large, length, frame(), {
      signal: abort.signal,
    }),
  ).rejects.toMatchObject({ code: 'aborted' });
});
