import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MEDIA_TYPE } from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import { expect, onTestFinished, test } from 'vitest';
import { hit, type TestSite, testSite } from './site-server.ts';

interface Listening extends TestSite {
  readonly port: number;
}

async function listening(): Promise<Listening> {
  const site = await testSite();
  const url = await site.app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => site.app.close());
  return { ...site, port: Number(new URL(url).port) };
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

const BODY = encodeMessage({ protocol: 1, hits: [] }, 'msgpack');

function requestOf(body: Uint8Array, fields: readonly string[] = [], path = '/v1/hits'): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: site',
    `Content-Type: ${MEDIA_TYPE.msgpack}`,
    `Content-Length: ${body.byteLength}`,
    ...fields,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** Statuses of the replies, in order, until so many have come or the connection ends. */
async function statusesOn(socket: Socket, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  let heard = Buffer.alloc(0);
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    heard = Buffer.concat([heard, piece]);
    for (let end = heard.indexOf('\r\n\r\n'); end >= 0; end = heard.indexOf('\r\n\r\n')) {
      const head = heard.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (heard.byteLength < end + 4 + length) break;
      statuses.push(Number(head.slice(9, 12)));
      heard = heard.subarray(end + 4 + length);
    }
    if (statuses.length >= count) return statuses;
  }
  return statuses;
}

const KINDS = {
  plain: { bytes: () => requestOf(encodeMessage({ protocol: 1, hits: [hit()] }, 'msgpack')), status: 200 },
  empty: { bytes: () => requestOf(BODY), status: 204 },
  elsewhere: { bytes: () => requestOf(BODY, [], '/v1/nothing'), status: 404 },
  json: {
    bytes: () =>
      Buffer.from(
        `POST /v1/hits HTTP/1.1\r\nhost: site\r\ncontent-type: ${MEDIA_TYPE.json}\r\ncontent-length: 24\r\n\r\n{"protocol":1,"hits":[]}`,
      ),
    status: 204,
  },
} as const;
/** Whether the connection lives on is the framework's affair: it comes last or not at all. */
const BROKEN = { bytes: () => requestOf(Uint8Array.of(0xc1)), status: 400 } as const;
const KIND_NAMES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[];

/** Whole numbers below a bound, the same ones each time. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('requests are answered in order, however their bytes are cut and whatever comes between them', async () => {
  const { port, store } = await listening();
  let counted = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const draw = draws(seed);
    const order = Array.from({ length: 1 + draw(6) }, () => KIND_NAMES[draw(KIND_NAMES.length)] ?? 'plain');
    const sent = [...order.map((kind) => KINDS[kind]), ...(draw(2) === 0 ? [BROKEN] : [])];
    const bytes = Buffer.concat(sent.map((one) => one.bytes()));
    const cuts = Array.from({ length: draw(4) }, () => draw(bytes.byteLength)).sort((a, b) => a - b);
    const socket = await dial(port);
    const heard = statusesOn(socket, sent.length);
    for (const [index, from] of [0, ...cuts].entries()) {
      socket.write(bytes.subarray(from, cuts[index]));
      await sleep(1);
    }
    expect(await heard, `seed ${seed}`).toEqual(sent.map(({ status }) => status));
    counted += order.filter((kind) => kind === 'plain').length;
    socket.destroy();
  }
  expect((await store.queries.buckets()).rows[0]?.hits).toBe(counted);
});

test('one connection serves plain requests, then others, then plain ones again', async () => {
  const { port } = await listening();
  const socket = await dial(port);
  for (const kind of ['plain', 'plain', 'json', 'plain', 'elsewhere', 'plain'] as const) {
    socket.write(KINDS[kind].bytes());
    expect(await statusesOn(socket, 1)).toEqual([KINDS[kind].status]);
  }
});

test.each([
  ['two lengths', 'Content-Length: 3', 400],
  ['a length and pieces', 'Transfer-Encoding: chunked', 400],
  ['a header without a name', ': 1', 400],
  ['a header with a space before its colon', 'X-Thing : 1', 400],
  ['a folded header', ' folded', 400],
  ['a control character', 'X-Thing: a\u0001b', 400],
  ['an encoding nobody knows', 'Content-Encoding: br', 415],
  ['a token nobody knows', 'Authorization: Bearer frk_nobody', 401],
])('a head with %s is judged as Node and the framework do', async (_name, field, status) => {
  const { port } = await listening();
  const socket = await dial(port);
  socket.write(requestOf(BODY, [field]));
  expect(await statusesOn(socket, 1)).toEqual([status]);
});

test('a connection that asks for it is closed behind the reply, on either side', async () => {
  const { port } = await listening();
  const asking = await dial(port);
  asking.write(requestOf(BODY, ['Connection: close']));
  const [statuses] = await Promise.all([statusesOn(asking, 2), once(asking, 'close')]);
  expect(statuses).toEqual([204]);
  const leaving = await dial(port);
  leaving.end(requestOf(BODY));
  expect(await statusesOn(leaving, 2)).toEqual([204]);
});

test('quiet connections are closed after the time of the server, and with it', async () => {
  const { port, app } = await listening();
  app.server.keepAliveTimeout = 20;
  const [silent, done] = [await dial(port), await dial(port)];
  done.write(requestOf(BODY));
  expect(await statusesOn(done, 1)).toEqual([204]);
  await Promise.all([silent, done].map((socket) => socket.resume() && once(socket, 'close')));
  app.server.keepAliveTimeout = 60_000;
  const last = await dial(port);
  last.write(requestOf(BODY));
  expect(await statusesOn(last, 1)).toEqual([204]);
  const closed = once(last.resume(), 'close');
  await app.close();
  await closed;
});
