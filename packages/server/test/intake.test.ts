import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { decodeHitsReply, type HitsReply } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { issueToken } from '@fr/protocol/signature';
import { decodeMessage, encodeMessage } from '@fr/protocol/wire';
import { describe, expect, test } from 'vitest';
import { BUCKET_ID, frame, hit, testSite } from './site-server.ts';

describe('reporters at a file server', () => {
  test('a hit is counted once, and the reply says what is wanted, signed by the site', async () => {
    const { app, store, key } = await testSite();
    const request = { protocol: 1, hits: [hit()] };
    const first = await app.inject({ method: 'POST', url: '/v1/hits', payload: request });
    const reply = decodeHitsReply(first.json<HitsReply>());
    expect(first.statusCode).toBe(200);
    expect(reply.results.map(({ result }) => result)).toEqual(['counted']);
    expect(reply.key).toBe(key.publicKey);
    expect(reply.demands.flatMap(({ terms }) => terms.types.map(({ type }) => type)).sort()).toEqual([
      'environment',
      'stack',
    ]);
    const again = await app.inject({ method: 'POST', url: '/v1/hits', payload: request });
    expect(again.json<HitsReply>().results.map(({ result }) => result)).toEqual(['duplicate']);
    expect((await store.queries.bucket(BUCKET_ID))?.hits).toBe(1);
  });

  test('what a reporter dropped is counted by reason, once per report, and shown in the metrics', async () => {
    const { app, store } = await testSite();
    const counts = [
      { reason: 'spool-full', count: 12 },
      { reason: 'eaten-by-the-dog', count: 3 },
    ];
    const payload = { protocol: 1, hits: [], drops: { reportId: uuidv7(), counts } };
    for (const _ of [1, 2]) {
      const reply = await app.inject({ method: 'POST', url: '/v1/hits', payload });
      expect(reply.statusCode).toBe(204);
    }
    const metrics = (await app.inject('/metrics')).body;
    expect(metrics).toContain('fr_outcomes_total{of="hits",outcome="dropped",reason="spool-full"} 12');
    expect(metrics).toContain('fr_outcomes_total{of="hits",outcome="dropped",reason="other"} 3');
    expect((await store.queries.outcomes()).map(({ outcome }) => outcome)).toEqual(['dropped', 'dropped']);
  });

  test('a test is answered with the key of the site, and leaves no trace', async () => {
    const { app, store, key } = await testSite();
    const payload = { protocol: 1, hits: [hit()], test: true };
    const reply = await app.inject({ method: 'POST', url: '/v1/hits', payload });
    expect(decodeHitsReply(reply.json<HitsReply>())).toEqual({
      results: [],
      demands: [],
      key: key.publicKey,
    });
    expect(await store.queries.outcomes()).toEqual([]);
    expect((await store.queries.buckets()).rows).toEqual([]);
  });

  test('once enough is held, a hit is answered with a bare 204', async () => {
    const { app } = await testSite();
    for (const _ of [1, 2]) {
      const { id, body, headers } = await frame({ stack: 'Error', environment: '{}' });
      expect(
        (await app.inject({ method: 'PUT', url: `/v1/entries/${id}`, payload: body, headers })).statusCode,
      ).toBe(201);
    }
    const reply = await app.inject({
      method: 'POST',
      url: '/v1/hits',
      payload: { protocol: 1, hits: [hit()] },
    });
    expect([reply.statusCode, reply.body]).toEqual([204, '']);
    const surplus = await frame({ stack: 'Error' });
    const refused = await app.inject({
      method: 'PUT',
      url: `/v1/entries/${surplus.id}`,
      payload: surplus.body,
      headers: surplus.headers,
    });
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({ code: 'not-needed', status: 409 });
  });

  test('an entry that is handed in twice is held once', async () => {
    const { app, store } = await testSite();
    const { id, body, headers } = await frame({ stack: 'Error' });
    const put = () => app.inject({ method: 'PUT', url: `/v1/entries/${id}`, payload: body, headers });
    expect([(await put()).statusCode, (await put()).statusCode]).toEqual([201, 200]);
    expect((await store.queries.entries()).rows).toHaveLength(1);
  });

  test('a type the policy wants approved is refused before it is stored', async () => {
    const { app, store } = await testSite();
    const { id, body, headers } = await frame({ 'diagnostic-report': '{}' });
    const reply = await app.inject({ method: 'PUT', url: `/v1/entries/${id}`, payload: body, headers });
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([403, 'refused-by-policy']);
    expect((await store.queries.entries()).rows).toEqual([]);
  });

  test('msgpack is answered in msgpack, and gzip is undone', async () => {
    const { app } = await testSite();
    const payload = gzipSync(encodeMessage({ protocol: 1, hits: [hit()] }, 'msgpack'));
    const headers = { 'content-type': 'application/msgpack', 'content-encoding': 'gzip' };
    const reply = await app.inject({ method: 'POST', url: '/v1/hits', payload, headers });
    expect(reply.headers['content-type']).toBe('application/msgpack');
    expect(decodeHitsReply(decodeMessage(reply.rawPayload, 'msgpack')).results).toHaveLength(1);
  });

  test.each([
    ['text/plain', 'hello', {}, 415, 'unsupported-media-type'],
    ['application/json', '{', {}, 400, 'malformed'],
    ['application/json', '{"protocol":1,"hits":[{"reportId":"x"}]}', {}, 400, 'malformed'],
    ['application/json', '{"protocol":9,"hits":[]}', {}, 400, 'unsupported-version'],
    ['application/json', `{"protocol":1,"hits":[],"x":"${'y'.repeat(5 << 20)}"}`, {}, 413, 'too-large'],
    ['application/json', '['.repeat(40), {}, 400, 'too-deep'],
    ['application/json', '{}', { 'content-encoding': 'br' }, 415, 'unsupported-encoding'],
    ['application/msgpack', Buffer.from([0xc1]), {}, 400, 'malformed'],
  ] as const)(
    'bad input as %s is refused with a problem document (%#)',
    async (type, payload, extra, status, code) => {
      const { app, store } = await testSite();
      const reply = await app.inject({
        method: 'POST',
        url: '/v1/hits',
        payload,
        headers: { 'content-type': type, ...extra },
      });
      expect(reply.headers['content-type']).toBe('application/problem+json');
      expect(reply.json()).toMatchObject({
        type: `urn:fr:problem:${code}`,
        status,
        code,
        detail: expect.any(String),
      });
      expect(reply.statusCode).toBe(status);
      expect((await app.inject('/health/ready')).statusCode).toBe(200);
      expect((await store.queries.buckets()).rows).toEqual([]);
    },
  );

  test('a torn or altered entry is refused and nothing of it is kept', async () => {
    const { app, store } = await testSite();
    const { id, body } = await frame({ stack: 'Error: something' });
    const altered = Buffer.from(body);
    altered[body.indexOf('something')] = 0x53;
    for (const [payload, status] of [
      [altered, 422],
      [body.subarray(0, -10), 400],
    ] as const) {
      const headers = {
        'content-type': 'application/vnd.fr.entry',
        'content-length': String(payload.length),
      };
      const reply = await app.inject({ method: 'PUT', url: `/v1/entries/${id}`, payload, headers });
      expect(reply.statusCode).toBe(status);
    }
    expect((await store.queries.entries()).rows).toEqual([]);
  });

  test('an entry under another id, or under a path, is refused', async () => {
    const { app } = await testSite();
    const { body, headers } = await frame({ stack: 'Error' });
    for (const id of ['01890a5d-ac96-774b-bcce-b302099a8057', '..%2f..%2fetc%2fpasswd']) {
      const reply = await app.inject({ method: 'PUT', url: `/v1/entries/${id}`, payload: body, headers });
      expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([400, 'malformed']);
    }
  });
});

describe('entries over a real connection', () => {
  test('a refusal reaches the sender before it has sent everything, and the connection lives on', async () => {
    const { app } = await testSite();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const unwanted = await frame({ 'diagnostic-report': 'x'.repeat(256 * 1024) });
      const huge = await frame({ stack: 'x'.repeat(4 << 20) });
      const wanted = await frame({ stack: 'Error' });
      const answers = [];
      for (const { id, body, headers } of [unwanted, huge, wanted]) {
        answers.push(await put(`${url}/v1/entries/${id}`, body, headers, agent));
      }
      expect(answers).toEqual([
        [403, 'refused-by-policy'],
        [413, 'too-large'],
        [201, undefined],
      ]);
    } finally {
      agent.destroy();
      await app.close();
    }
  });
});

function put(
  url: string,
  body: Buffer,
  headers: Record<string, string>,
  agent: Agent,
): Promise<[number | undefined, string | undefined]> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'PUT', headers, agent }, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve([
        incoming.statusCode,
        text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined,
      ]);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('who may call', () => {
  test('from another machine a reporter needs its key; a token of another kind is refused even from here', async () => {
    const { app, access, key } = await testSite();
    const reporterKey = await access.issue('frk', 'shop-floor');
    const post = (remoteAddress: string, authorization?: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/hits',
        payload: { protocol: 1, hits: [] },
        remoteAddress,
        headers: authorization === undefined ? {} : { authorization },
      });
    expect((await post('10.0.0.9')).statusCode).toBe(401);
    expect((await post('10.0.0.9', `Bearer ${reporterKey}`)).statusCode).toBe(204);
    expect((await post('127.0.0.1')).statusCode).toBe(204);
    expect((await post('127.0.0.1', `Bearer ${issueToken('frs', key.keyId)}`)).statusCode).toBe(401);
    expect((await post('127.0.0.1', `Bearer ${issueToken('frk', key.keyId)}`)).statusCode).toBe(401);
    expect(await access.revoke('frk', 'shop-floor')).toBe(true);
    expect((await post('10.0.0.9', `Bearer ${reporterKey}`)).statusCode).toBe(401);
  });

  test('administration needs an administrator, and acts are no GET', async () => {
    let done = 0;
    const verbs = [
      { name: 'look', acts: false, run: async (params: object) => params },
      { name: 'act', acts: true, run: async () => ({ done: ++done }) },
    ];
    const { app, access } = await testSite(verbs);
    const headers = { authorization: `Bearer ${await access.issue('fra', 'kim')}` };
    expect((await app.inject('/v1/admin/look')).statusCode).toBe(401);
    expect((await app.inject({ url: '/v1/admin/look?limit=3', headers })).json()).toEqual({ limit: '3' });
    expect((await app.inject({ url: '/v1/admin/act', headers })).statusCode).toBe(404);
    expect((await app.inject({ method: 'POST', url: '/v1/admin/act', headers, payload: {} })).json()).toEqual(
      { done: 1 },
    );
    expect(done).toBe(1);
  });

  test('a name has one token in force, and only its hash is kept', async () => {
    const { access, store } = await testSite();
    const token = await access.issue('frk', 'a');
    await expect(access.issue('frk', 'a')).rejects.toMatchObject({ code: 'conflict' });
    expect(JSON.stringify(await store.settings.read('tokens'))).not.toContain(token.split('_')[1]);
  });
});

describe('operations', () => {
  test('metrics tell what became of everything received', async () => {
    const { app } = await testSite();
    await app.inject({ method: 'POST', url: '/v1/hits', payload: { protocol: 1, hits: [hit(), hit()] } });
    expect((await app.inject('/metrics')).body).toMatch(
      /fr_outcomes_total\{of="hits",outcome="counted",reason=""\} 2/,
    );
  });

  test('what is not there is said in a problem document', async () => {
    const { app } = await testSite();
    const reply = await app.inject('/v2/hits?secret=1');
    expect(reply.json()).toMatchObject({ code: 'not-found', detail: 'There is no GET /v2/hits here.' });
  });
});
