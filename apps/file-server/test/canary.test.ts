import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Bucket, bucketId } from '@fr/bucket';
import { describePart, type EntryHeader, MEDIA_TYPE, printFrame, type SignedDemand } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey, issueToken, signDemand } from '@fr/protocol/signature';
import { decompress } from '@fr/protocol/wire';
import { testFolder } from '@fr/test-harness/in-process';
import { expect, onTestFinished, test } from 'vitest';
import { frAdminJson, serveSite } from './support/fr-admin.ts';

const CANARY = 'CANARY-7f3a';
const key = generateSigningKey();
const till: Bucket = {
  program: 'till',
  programVersion: '1.4',
  module: 'till',
  moduleVersion: '1.4',
  location: 'a',
};
const hidden: Bucket = { ...till, program: `hidden-${CANARY}` };

const TYPES = [
  ...['stack', 'environment', 'packages', 'log-tail', 'heap-snapshot', 'core', 'minidump', 'x-canary'],
  ...['attachment:canary', 'attachment:id-rsa', 'attachment:app-log', 'breadcrumbs', 'diagnostic-report'],
];
const PATTERNS = [{ program: '*' }, { program: 'till' }, { program: 'hidden*' }, { location: '*' }];

let made = 0;

/** A demand in good form and rightly signed, for everything there is. */
function hostileDemand(): SignedDemand {
  made += 1;
  const types = [0, 1, 2].map((step) => ({
    type: TYPES[(made * 7 + step) % TYPES.length] ?? 'core',
    count: 1_000,
  }));
  const terms = {
    id: made % 3 === 0 ? `d-${made % 90}` : `d-${made}`,
    version: Date.now() + made,
    pattern: PATTERNS[made % PATTERNS.length] ?? {},
    types: [...new Map(types.map((each) => [each.type, each])).values()],
    each: made % 2 === 0 ? ('bucket' as const) : ('demand' as const),
    until: Date.now() + 86_400_000,
    reason: 'you have approved this already',
    author: 'security',
  };
  return signDemand(terms, key);
}

/** What came to a destination. */
interface Seen {
  readonly path: string;
  /** Line and headers of the request. */
  readonly head: string;
  /** As it was on the wire, and with its packing undone: what is packed is not found in the former. */
  readonly body: Buffer;
  readonly plain: Buffer;
}

/** A destination that is the one the site pinned and was taken over: it asks for everything and writes down what comes. */
async function hostileDestination(
  perOffer: number,
): Promise<{ readonly url: string; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const plain = Buffer.from(await decompress(body, request.headers['content-encoding']));
    const { method, url: path = '', rawHeaders } = request;
    seen.push({ path, head: `${method} ${path} ${JSON.stringify(rawHeaders)}`, body, plain });
    if (request.url === '/v1/offers') return sendJson(response, 200, offerReply(perOffer));
    if (request.method !== 'PUT') return sendJson(response, 404, {});
    const entryId = request.url?.split('/').at(-1);
    const digest = body.toString('latin1').trimEnd().split('\n').at(-1);
    // Now and then it points elsewhere, which is never followed.
    if (seen.length % 5 === 0) response.writeHead(307, { location: '/steal' }).end();
    else sendJson(response, 201, { entryId, result: 'stored', digest });
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function offerReply(count: number): object {
  const demands = Array.from({ length: count }, hostileDemand);
  const quotas = demands.flatMap(({ terms }) =>
    [till, hidden].flatMap((bucket) =>
      terms.types.map(({ type }) => ({ demandId: terms.id, bucketId: bucketId(bucket), type, count: 1_000 })),
    ),
  );
  return { key: key.publicKey, demands, quotas, totals: [] };
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': MEDIA_TYPE.json }).end(JSON.stringify(value));
}

/** Reports a failure; the types that the site asks for then. */
async function hit(site: string, bucket: Bucket): Promise<readonly string[]> {
  const hits = [{ reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: Date.now() }];
  const reply = await fetch(`${site}/v1/hits`, {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPE.json, accept: MEDIA_TYPE.json },
    body: JSON.stringify({ protocol: 1, hits }),
  });
  if (reply.status === 204) return [];
  const { demands } = (await reply.json()) as { readonly demands: readonly SignedDemand[] };
  return demands.flatMap(({ terms }) => terms.types.map(({ type }) => type));
}

/** A reporter that brings whatever it can: with a canary in all but a stack and an environment of the till. */
async function bring(site: string, bucket: Bucket, types: readonly string[]): Promise<number> {
  const contents = types.map((type) => {
    const isHarmless = bucket === till && (type === 'stack' || type === 'environment');
    const text = isHarmless ? `harmless ${type}` : `${CANARY} of ${type}`;
    return { type, bytes: new TextEncoder().encode(text) };
  });
  const parts = contents.map(({ type, bytes }) => describePart(type, 'text/plain', bytes));
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket,
    outcome: 'fatal',
    at: Date.now(),
    demands: ['site-default'],
    parts,
  };
  const frame = await printFrame(
    header,
    contents.map(({ bytes }, index) => ({
      part: parts[index] ?? describePart('', '', bytes),
      content: bytes,
    })),
  );
  const reply = await fetch(`${site}/v1/entries/${header.entryId}`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.entry },
    body: new Blob([new Uint8Array(frame)]),
  });
  return reply.status;
}

test('over real HTTP, 10,000 demands of a destination that was taken over get no byte of a canary', async () => {
  const folder = await testFolder();
  const data = join(folder, 'site');
  // A file beside the data, a policy that holds one, an environment variable.
  await writeFile(join(folder, 'canary.txt'), CANARY);
  const policy = join(folder, 'policy.yaml');
  await writeFile(
    policy,
    `version: 1\n# ${CANARY}\noffer: [{ program: till }]\nrules: [{ program: ${CANARY}, action: allow }]\n`,
  );
  const { url, seen } = await hostileDestination(500);
  const site = await serveSite(
    ['--data', data, '--upstream', url, '--sync-every', '24h', '--policy', policy],
    { FR_UPSTREAM_TOKEN: issueToken('frs', key.keyId), FR_CANARY: CANARY },
  );
  onTestFinished(() => site.kill());
  // So many that the offer of them is packed.
  for (let place = 0; place < 20; place += 1) await hit(site.url, { ...till, location: `place ${place}` });
  const asked = new Set<string>();
  while (made < 10_000) {
    for (const bucket of [till, hidden]) for (const type of await hit(site.url, bucket)) asked.add(type);
    await bring(site.url, till, [...asked]);
    await bring(site.url, hidden, ['stack', 'environment']);
    const refused = await Promise.all(
      ['attachment:canary', 'core', 'packages'].map((type) => bring(site.url, till, ['stack', type])),
    );
    expect(refused).toEqual([403, 403, 403]);
    await frAdminJson(['sync', '--data', data]).catch(() => undefined);
  }
  const wire = textOf(seen);
  expect(seen.length).toBeGreaterThan(20);
  expect(seen.some(({ body, plain }) => body.length < plain.length)).toBe(true);
  expect(wire).toContain('harmless stack');
  expect(wire).not.toContain(CANARY);
  expect(wire).not.toContain('/steal');
  expect([...asked].sort()).toEqual(['environment', 'stack']);
  const waiting = await frAdminJson<readonly { state: string }[]>(['demands', '--data', data]);
  expect(waiting.some(({ state }) => state === 'waiting')).toBe(true);
  // And were the policy one that names what it hides, this test would see it, packed as it is.
  const until = seen.length;
  await writeFile(policy, 'version: 1\noffer: [{ program: "*" }]\n');
  await frAdminJson(['policy', 'reload', '--data', data]);
  for (let place = 0; place < 20; place += 1) await hit(site.url, { ...hidden, location: `place ${place}` });
  await frAdminJson(['sync', '--data', data]).catch(() => undefined);
  const offers = seen.slice(until).filter(({ path }) => path === '/v1/offers');
  expect(textOf(offers)).toContain(hidden.program);
  expect(Buffer.concat(offers.map(({ body }) => body)).includes(CANARY)).toBe(false);
}, 300_000);

/** All that can be read in what came. */
function textOf(seen: readonly Seen[]): string {
  return seen.map(({ head, plain }) => `${head}\n${plain.toString('latin1')}`).join('\n');
}
