import { type ClientRequest, request } from 'node:http';
import { decodeLeaseReply, LEASE_HEADER, type LeaseReply } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey, signDemand } from '@fr/protocol/signature';
import { createServer, leasesIntake, openGuard } from '@fr/server';
import { leasesInForce, openLeaseDesk, type Policy } from '@fr/sync';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BUCKET_ID, frame, hit, type TestSite, testSite } from './site-server.ts';

const MINUTE = 60_000;
const VENDOR = 'https://vendor.example';
/** The administrator lets it go, so that nobody has to approve. */
const POLICY: Policy = {
  version: 1,
  offer: [],
  rules: ['diagnostic-report', 'heap-snapshot'].map((type) => ({ type, action: 'allow' })),
};

let site: TestSite;
let url: string;
let elapsed = 0;

beforeEach(async () => {
  elapsed = 0;
  site = await testSite([], { elapsed: () => elapsed }, POLICY);
  url = await site.app.listen({ port: 0, host: '127.0.0.1' });
  await site.app.inject({ method: 'POST', url: '/v1/hits', payload: { protocol: 1, hits: [hit()] } });
  await want(1);
});
afterEach(async () => {
  await site.app.close();
});

/** The vendor wants so many diagnostic reports. */
async function want(count: number, type = 'diagnostic-report'): Promise<void> {
  const demand = signDemand(
    {
      id: 'd-1',
      version: Date.now(),
      pattern: { bucketId: BUCKET_ID },
      types: [{ type, count }],
      each: 'demand',
      until: Date.now() + 24 * 60 * MINUTE,
      reason: 'to see it',
      author: 'support',
    },
    generateSigningKey(),
  );
  const quota = { demandId: 'd-1', bucketId: BUCKET_ID, type, count };
  await site.store.demands.replace(VENDOR, [demand], [quota], Date.now());
}

async function ask(holder = uuidv7(), more: object = {}): Promise<LeaseReply> {
  const subject = { demandId: 'd-1', bucketId: BUCKET_ID, type: 'diagnostic-report', for: 'deliver' };
  const payload = { protocol: 1, holder, asks: [{ ...subject, count: 1, ...more }] };
  const reply = await site.app.inject({ method: 'POST', url: '/v1/leases', payload });
  return decodeLeaseReply(reply.json());
}

async function fenceFor(holder?: string): Promise<number> {
  return (await ask(holder)).given[0]?.fence ?? Number.NaN;
}

const heavy = () => frame({ 'diagnostic-report': 'x'.repeat(200 * 1024) });
const stored = async () => (await site.store.queries.entries()).rows.length;

/** What a server says to an upload, how much of it was sent by then, and whether it was told to go on. */
interface Said {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly continued: boolean;
}

/** Sends as curl does: with `expect` the body waits for the server's word. */
function put(
  { id, body, headers }: Awaited<ReturnType<typeof frame>>,
  more: Record<string, string> = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    let continued = false;
    const sent = request(
      `${url}/v1/entries/${id}`,
      { method: 'PUT', headers: { ...headers, ...more } },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => {
          const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly code?: string };
          sent.destroy();
          resolve({ status: reply.statusCode, code, continued });
        });
      },
    );
    sent.on('error', reject);
    sent.on('continue', () => {
      continued = true;
      sent.end(body);
    });
    if (more['expect'] === undefined) sent.end(body);
    else sent.flushHeaders();
  });
}

const under = (fence: number | string): Record<string, string> => ({ [LEASE_HEADER]: String(fence) });

test('what is heavy is taken under a lease, refused without one, and a light part needs none', async () => {
  expect(await put(await heavy())).toMatchObject({ status: 409, code: 'lease-needed' });
  const { given } = await ask();
  expect(given).toMatchObject([
    { demandId: 'd-1', type: 'diagnostic-report', count: 1, expiresInMs: 2 * MINUTE },
  ]);
  expect(await put(await heavy(), under(given[0]?.fence ?? 0))).toMatchObject({ status: 201 });
  await want(2);
  expect(await put(await frame({ 'diagnostic-report': 'small' }))).toMatchObject({ status: 201 });
  expect(await stored()).toBe(2);
});

test('a fence that is not in force is refused before a byte of the body is sent to a server that is asked first', async () => {
  const fence = await fenceFor();
  elapsed += 3 * MINUTE;
  const entry = await heavy();
  const waits = { ...under(fence), expect: '100-continue' };
  expect(await put(entry, waits)).toEqual({ status: 409, code: 'lease-over', continued: false });
  expect(await put(entry, under(fence))).toMatchObject({ status: 409, code: 'lease-over' });
  const again = { ...under(await fenceFor()), expect: '100-continue' };
  expect(await put(entry, again)).toEqual({ status: 201, code: undefined, continued: true });
});

test('a repeat of what was stored under a lease that is spent is a duplicate, not a refusal', async () => {
  const entry = await heavy();
  const shown = under(await fenceFor());
  expect((await put(entry, shown)).status).toBe(201);
  expect((await put(entry, shown)).status).toBe(200);
  expect(await stored()).toBe(1);
});

test('a reporter is killed in the middle of its upload, and the next one may bring it when its lease is over', async () => {
  const { id, body, headers } = await heavy();
  const killed: ClientRequest = request(`${url}/v1/entries/${id}`, {
    method: 'PUT',
    headers: { ...headers, ...under(await fenceFor()) },
  });
  const gone = new Promise((resolve) => killed.on('error', resolve));
  killed.write(body.subarray(0, 100_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  killed.destroy(new Error('killed'));
  await gone;
  const next = uuidv7();
  expect((await ask(next)).refused).toMatchObject([{ reason: 'leased-out', retryAfterMs: 2 * MINUTE }]);
  elapsed += 2 * MINUTE;
  expect((await put(await heavy(), under(await fenceFor(next)))).status).toBe(201);
  expect((await ask()).refused).toMatchObject([{ reason: 'not-wanted' }]);
  expect(await stored()).toBe(1);
});

test('of a large body that is refused little is read, and its sender hears why', async () => {
  const large = await frame({ 'diagnostic-report': 'x'.repeat(200 * 1024) });
  const headers = { ...large.headers, 'content-length': String(1 << 30), ...under(1) };
  let sent = 0;
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const chunk = Buffer.alloc(1 << 20);
    const upload = request(`${url}/v1/entries/${large.id}`, { method: 'PUT', headers }, (reply) => {
      reply.resume();
      // It goes on sending, as somebody would who does not listen.
      setTimeout(() => {
        resolve(reply.statusCode);
        upload.destroy();
      }, 500);
    });
    upload.on('error', reject);
    function more(): void {
      if (upload.destroyed) return;
      sent += chunk.byteLength;
      upload.write(chunk, more);
    }
    more();
  });
  expect(answer).toBe(409);
  expect(sent).toBeLessThan(64 << 20);
});

test('a large upload may take longer than other requests, as long as it moves', async () => {
  await want(1, 'heap-snapshot');
  const fence = (await ask(uuidv7(), { type: 'heap-snapshot' })).given[0]?.fence ?? 0;
  // The server looks once a second; this is less than the upload takes.
  site.app.server.headersTimeout = 500;
  site.app.server.requestTimeout = 1_000;
  const { id, body, headers } = await frame({ 'heap-snapshot': 'x'.repeat(17 << 20) });
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const options = { method: 'PUT', headers: { ...headers, ...under(fence) } };
    const upload = request(`${url}/v1/entries/${id}`, options, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    upload.on('error', reject);
    upload.write(body.subarray(0, 1 << 20));
    setTimeout(() => upload.end(body.subarray(1 << 20)), 3_500);
  });
  expect(answer).toBe(201);
  expect(site.app.server.requestTimeout).toBe(1_000);
});

test('a lease is renewed by its fence, and what is given back is free at once', async () => {
  const fence = await fenceFor();
  elapsed += MINUTE;
  expect((await ask(uuidv7(), { fence })).given).toMatchObject([{ fence, expiresInMs: 2 * MINUTE }]);
  expect(await ask(uuidv7(), { fence, count: 0 })).toEqual({ given: [], refused: [] });
  expect((await ask()).given).toHaveLength(1);
});

test('twenty reporters that ask at once are given one lease, and one heavy entry is stored', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => ask()));
  const fences = replies.flatMap(({ given }) => given.map(({ fence }) => fence));
  expect(fences).toHaveLength(1);
  const said = await Promise.all(
    replies.map(async ({ given }) => put(await heavy(), given[0] ? under(given[0].fence) : {})),
  );
  expect(said.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(await stored()).toBe(1);
});

test.each(['12x', '1,,2', '-1', '1234567890123456', Array.from({ length: 65 }, () => 1).join()])(
  'a header that is no list of fences is malformed: %s',
  async (fences) => {
    expect(await put(await heavy(), under(fences))).toMatchObject({ status: 400, code: 'malformed' });
  },
);

test('what is not wanted, and what no bucket here is about, is not leased', async () => {
  expect((await ask(uuidv7(), { type: 'heap-snapshot' })).refused).toMatchObject([{ reason: 'not-wanted' }]);
  expect((await ask(uuidv7(), { bucketId: `b${'a'.repeat(26)}` })).refused).toHaveLength(1);
});

test('a lease is written down before its holder hears of it, and nobody waits for what others are given later', async () => {
  const written = new Map<string, unknown>();
  const writes: (() => void)[] = [];
  const shelf = {
    read: async (name: string) => written.get(name),
    write: (name: string, value: unknown) =>
      new Promise<void>((done) => {
        writes.push(() => {
          written.set(name, structuredClone(value));
          done();
        });
      }),
  };
  const desk = await openLeaseDesk(shelf);
  const give = (type: string) =>
    desk.grant({
      slot: `deliver b ${type}`,
      holder: 'key a',
      count: 1,
      places: 1,
      life: { least: MINUTE, most: MINUTE },
    });
  const app = await createServer({ logLevel: 'silent' });
  const answer = async ({ holder }: { readonly holder: string }) => {
    give(holder);
    return { given: [], refused: [] };
  };
  await app.register(leasesIntake, { answer, settled: desk.settled, guard: openGuard });
  const heard: string[] = [];
  const ask = async () => {
    const holder = uuidv7();
    const payload = { protocol: 1, holder, asks: [] };
    await app.inject({ method: 'POST', url: '/v1/leases', payload });
    heard.push(holder);
    expect((await leasesInForce(shelf, undefined, Date.now())).map(({ type }) => type)).toContain(holder);
  };
  const first = ask();
  await vi.waitUntil(() => writes.length === 1);
  // Given while the first is being written: it needs a write of its own, which the first does not wait for.
  const second = ask();
  writes[0]?.();
  await first;
  await vi.waitUntil(() => writes.length === 2);
  give('later');
  writes[1]?.();
  await second;
  expect(heard).toHaveLength(2);
  await vi.waitUntil(() => writes.length === 3);
  writes[2]?.();
  await app.close();
});
