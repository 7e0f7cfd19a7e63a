import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { decodeHitsReply, MEDIA_TYPE } from '@fr/protocol';
import { decodeMessage, encodeMessage, type MessageFormat } from '@fr/protocol/wire';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hit, type TestSite, testSite } from './site-server.ts';

/** Short: a plain msgpack body. Long: everything else. */
const WAYS = ['short', 'long in msgpack', 'long in JSON'] as const;
type Way = (typeof WAYS)[number];

async function listening(): Promise<TestSite & { readonly url: string }> {
  const site = await testSite();
  const url = `${await site.app.listen({ port: 0, host: '127.0.0.1' })}/v1/hits`;
  onTestFinished(() => site.app.close());
  return { ...site, url };
}

async function post(
  url: string,
  way: Way,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly response: Response; readonly message: unknown }> {
  const format: MessageFormat = way === 'long in JSON' ? 'json' : 'msgpack';
  const plain = message instanceof Uint8Array ? message : encodeMessage(message, format);
  const body = way === 'long in msgpack' ? gzipSync(plain) : plain;
  const response = await fetch(url, {
    method: 'POST',
    body: Buffer.from(body),
    headers: {
      'content-type': MEDIA_TYPE[format],
      ...(way === 'long in msgpack' && { 'content-encoding': 'gzip' }),
      ...headers,
    },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isProblem = response.headers.get('content-type') === MEDIA_TYPE.problem;
  return {
    response,
    message: bytes.length > 0 ? decodeMessage(bytes, isProblem ? 'json' : format) : undefined,
  };
}

describe.each(WAYS)('hits that take the way that is %s', (way) => {
  test('are counted and told what is wanted', async () => {
    const { url, store, key } = await listening();
    const { response, message } = await post(url, way, { protocol: 1, hits: [hit(), hit()] });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const reply = decodeHitsReply(message);
    expect(reply.results.map(({ result }) => result)).toEqual(['counted', 'counted']);
    expect(reply.demands.map(({ terms }) => terms.keyId)).toEqual([key.keyId]);
    expect((await store.queries.buckets()).rows[0]?.hits).toBe(2);
  });

  test('are refused with a problem document when the body is none, or the token not known', async () => {
    const { url } = await listening();
    const broken = await post(url, way, new Uint8Array([0xc1, 0xc1]));
    expect([broken.response.status, broken.message]).toMatchObject([400, { code: 'malformed' }]);
    const wrong = await post(url, way, { protocol: 9, hits: [] });
    expect([wrong.response.status, wrong.message]).toMatchObject([400, { code: 'unsupported-version' }]);
    const headers = { authorization: 'Bearer frk_nobody' };
    const unknown = await post(url, way, { protocol: 1, hits: [] }, headers);
    expect([unknown.response.status, unknown.message]).toMatchObject([401, { code: 'unauthorized' }]);
    expect(unknown.response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('are asked to come again when nothing can be written', async () => {
    const { url, store } = await listening();
    await store.close();
    const { response, message } = await post(url, way, { protocol: 1, hits: [hit()] });
    expect([response.status, message]).toMatchObject([503, { code: 'busy' }]);
    expect(response.headers.get('retry-after')).toBe('30');
  });
});

test('a body that breaks off is not counted, and the next request is answered', async () => {
  const { url, store } = await listening();
  const body = encodeMessage({ protocol: 1, hits: [hit()] }, 'msgpack');
  const { port, host } = new URL(url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      const head = [
        'POST /v1/hits HTTP/1.1',
        `host: ${host}`,
        `content-type: ${MEDIA_TYPE.msgpack}`,
        `content-length: ${body.byteLength}`,
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      socket.write(body.subarray(0, body.byteLength - 1), () => socket.destroy());
    });
    socket.on('close', () => resolve());
  });
  const { response } = await post(url, 'short', { protocol: 1, hits: [hit()] });
  expect(response.status).toBe(200);
  expect((await store.queries.buckets()).rows[0]?.hits).toBe(1);
});

test('a server that closes lets the short way finish and keeps no connection', async () => {
  const { app, url } = await listening();
  const posted = post(url, 'short', { protocol: 1, hits: [hit()] });
  const { response } = await posted;
  expect(response.status).toBe(200);
  await app.close();
  await expect(post(url, 'short', { protocol: 1, hits: [hit()] })).rejects.toThrow(/fetch failed/);
});
