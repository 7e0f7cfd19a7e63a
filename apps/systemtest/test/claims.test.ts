/**
 * The claims fr is built on, each as a sentence that a real run has to make true. Where a claim speaks of order, a
 * recorder on the line says in which order things went.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeOffer } from '@fr/protocol';
import { decodeMessage } from '@fr/protocol/wire';
import { createSchedule } from '@fr/sync';
import { command, commandJson, runNode, startServer, until } from '@fr/test-harness';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { installClient } from '../src/harness/client-machine.ts';
import { filesBelow, textsBelow } from '../src/harness/files.ts';
import { BIN, ROOT } from '../src/harness/paths.ts';
import { processesWith } from '../src/harness/processes.ts';
import { partTypes } from '../src/main-job/step.ts';
import { type EntryView, type PassView, views } from '../src/main-job/views.ts';
import { createWorld, startSite, type World } from '../src/main-job/world.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fr-claims-'));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function world(options: Parameters<typeof createWorld>[1] = {}): Promise<World> {
  const made = await createWorld(await temporary(), options);
  cleanups.push(() => made.close());
  return made;
}

interface ShownEntry {
  readonly content: Readonly<Record<string, string>>;
  readonly receipts: readonly { readonly to: string; readonly types: readonly string[] }[];
  readonly digest: string;
}

function offerIn(plain: Buffer = Buffer.alloc(0)): ReturnType<typeof decodeOffer> {
  return decodeOffer(decodeMessage(plain, 'msgpack'));
}

const showAtSite = (from: World, id: string): Promise<ShownEntry> =>
  commandJson(BIN.frAdmin, ['show', id, '--data', from.siteData]);
const showAtVendor = (from: World, id: string): Promise<ShownEntry> =>
  commandJson(BIN.frDestination, ['show', id, '--data', from.vendorData]);

describe('claims 12 and 13: one pass over stored entries', () => {
  let shared: World;
  let pass: PassView;
  let question: Buffer;
  beforeAll(async () => {
    shared = await createWorld(await mkdtemp(join(tmpdir(), 'fr-claims-')));
    await shared.clientA.crash();
    await shared.clientB.crash();
    const before = shared.vendorDoor.requests.length;
    pass = await views(shared).sync();
    question = shared.vendorDoor.requests[before]?.plain ?? Buffer.alloc(0);
  }, 60_000);
  afterAll(async () => {
    await shared.close();
    await rm(shared.dir, { recursive: true, force: true });
  });

  test('R12.1: a pass has loaded all entries, here two, before it asks its first question', () => {
    const offer = offerIn(question);
    const holds = Object.fromEntries(
      offer.buckets.flatMap((bucket) => bucket.holds).map(({ type, count }) => [type, count]),
    );
    expect(holds).toEqual({ stack: 2, environment: 2 });
    expect(pass.decisions).toHaveLength(2);
  });

  test('R12.2: it asks what is needed, without anybody doing anything, before a byte of payload leaves', () => {
    const kinds = shared.vendorDoor.requests.map(
      ({ method, path }) => `${method} ${path.split('/').slice(0, 3).join('/')}`,
    );
    expect(kinds.indexOf('POST /v1/offers')).toBe(0);
    expect(kinds.indexOf('PUT /v1/entries')).toBeGreaterThan(
      kinds.lastIndexOf('POST /v1/offers', kinds.indexOf('PUT /v1/entries')),
    );
    expect(
      shared.vendorDoor.requests
        .filter(({ path }) => path === '/v1/offers')
        .every(({ payloadBytes }) => payloadBytes === 0),
    ).toBe(true);
  });

  test('R12.3: it decides by itself whether what an entry holds is what is needed', () => {
    // The vendor wants one stack of a new bucket: of two entries that hold one, one goes and one stays.
    expect(pass.decisions.map(({ verdict }) => verdict).sort()).toEqual(['keep', 'upload']);
    expect(pass.decisions.every(({ reason }) => reason.length > 0)).toBe(true);
  });

  test('R12.4: what matches arrives byte for byte; what does not match sends nothing', async () => {
    const uploaded = pass.decisions.find(({ verdict }) => verdict === 'upload')?.entryId ?? '';
    const here = await showAtSite(shared, uploaded);
    const there = await showAtVendor(shared, uploaded);
    expect(Object.keys(there.content)).toEqual(['stack']);
    expect(there.content['stack']).toBe(here.content['stack']);
    const puts = shared.vendorDoor.requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ path }) => path)).toEqual([`/v1/entries/${uploaded}`]);
  });

  test('R13.1: the name of an uploaded entry says so, and another pass uploads nothing', async () => {
    const names = (await filesBelow(join(shared.siteData, 'entries'))).filter(
      (name) => !name.endsWith('.json'),
    );
    const uploaded = pass.decisions.find(({ verdict }) => verdict === 'upload')?.entryId ?? '';
    expect(names.filter((name) => name.endsWith('.uploaded')).map((name) => name.split('/').at(-1))).toEqual([
      `${uploaded}.uploaded`,
    ]);
    expect(names.filter((name) => name.endsWith('.pending'))).toHaveLength(1);
    expect(await views(shared).sync()).toMatchObject({ uploaded: 0, payloadBytes: 0 });
  });
});

test('R12.2: a vendor that dies after the question gets no payload; the next pass delivers', async () => {
  const w = await world();
  await w.clientA.crash();
  w.vendorDoor.interfere((_method, path) => (path === '/v1/offers' ? 'cut-after' : undefined));
  const sync = await runNode([BIN.frAdmin, 'sync', '--json', '--data', w.siteData]);
  expect(sync.code).toBe(1);
  expect(JSON.parse(sync.stdout)).toMatchObject({
    uploaded: 0,
    payloadBytes: 0,
    failure: { code: expect.any(String) },
  });
  expect(w.vendorDoor.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  w.vendorDoor.interfere(undefined);
  expect(await views(w).sync()).toMatchObject({ uploaded: 1 });
});

test('R13: killed between upload and rename, nothing is lost and the vendor holds the entry once', async () => {
  const w = await world();
  await w.clientA.crash();
  let killed: Promise<void> | undefined;
  w.vendorDoor.interfere((method) => {
    if (method !== 'PUT' || killed) return undefined;
    killed = w.site.kill();
    return 'cut-after';
  });
  await runNode([BIN.frAdmin, 'sync', '--data', w.siteData]);
  await killed;
  w.vendorDoor.interfere(undefined);
  const [here] = await views(w).siteEntries();
  expect(here?.state).toBe('pending');
  expect(await views(w).vendorEntries()).toHaveLength(1);
  const token = JSON.parse(await readFile(join(w.siteData, 'site.json'), 'utf8')) as {
    upstream: { token: string };
  };
  const again = await startSite(w.siteData, w.vendorDoor.url, token.upstream.token);
  cleanups.push(() => again.stop());
  await until('the entry is marked', async () =>
    (await views(w).siteEntries())[0]?.state === 'uploaded' ? true : undefined,
  );
  const there = await views(w).vendorEntries();
  expect(there.map(({ entryId }) => entryId)).toEqual([here?.entryId]);
  expect((await views(w).vendorBuckets())[0]?.hits).toBe(1);
});

test('R14.1: where the type is missing, the demand is brought down and kept at the site', async () => {
  const w = await world();
  await w.clientA.crash();
  await views(w).sync();
  const [bucket] = await views(w).vendorBuckets();
  await command(BIN.frDestination, [
    'demand',
    bucket?.bucketId ?? '',
    '--type',
    'packages',
    '--reason',
    'which yaml?',
    '--data',
    w.vendorData,
  ]);
  expect(await views(w).sync()).toMatchObject({ uploaded: 0, payloadBytes: 0 });
  await w.site.stop();
  expect(await views(w).siteDemands()).toContainEqual(
    expect.objectContaining({ reason: 'which yaml?', types: [{ type: 'packages', count: 1 }] }),
  );
});

describe('claim 15: who does what when a program fails', () => {
  /** A file server that takes connections and never answers: what a reporter does then can be looked at. */
  async function silentServer(): Promise<string> {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    cleanups.push(async () => server.close());
    await until('the silent server listens', async () => (server.listening ? true : undefined));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  test('R15.1: the failing program launches the reporting executable, and not before it fails', async () => {
    const client = await installClient('client', await temporary(), await silentServer());
    await runNode(['--import', '@fr/reporter-sdk/register', 'src/main.js', 'orders/plain.yaml'], {
      cwd: client.program,
      env: { FR_SERVER: 'http://127.0.0.1:9', FR_SPOOL_DIR: client.spool },
    });
    const left = await processesWith(client.spool);
    // The guard, a shell that takes the run marker away, may still be on its way out.
    expect(left.filter(({ commandLine }) => !/^(\/bin\/sh|rm) /.test(commandLine))).toEqual([]);
    await until('the guard has left', async () =>
      (await processesWith(client.spool)).length === 0 ? true : undefined,
    );
    const ended = await client.crashOnly();
    expect(ended.code).toBe(1);
    const [reporter] = await until('the reporter runs', async () => {
      const found = (await processesWith(client.spool)).filter(({ commandLine }) =>
        commandLine.includes('fr-reporter'),
      );
      return found.length > 0 ? found : undefined;
    });
    cleanups.push(async () => process.kill(reporter?.pid ?? 0, 'SIGTERM'));
    expect(reporter?.commandLine).toContain('deliver');
  });

  test('R15: what the dying program leaves is not the report; the reporting executable makes it', async () => {
    const client = await installClient('client', await temporary(), await silentServer());
    await client.crashOnly();
    cleanups.push(async () => {
      for (const { pid } of await processesWith(client.spool)) process.kill(pid, 'SIGTERM');
    });
    const texts = await textsBelow(client.spool);
    const facts = [...texts].filter(([, text]) => text.includes('discountOf'));
    expect(facts.length).toBeGreaterThan(0);
    const made = [...texts.values()].filter(
      (text) => text.startsWith('fr-entry') || text.includes('"sha256"'),
    );
    expect(made).toEqual([]);
  });

  test('R15.2: the bucket names the location: equal crashes meet in it, another location has its own', async () => {
    const w = await world();
    await w.clientA.crash();
    await w.clientB.crash();
    const price = join(w.clientA.program, 'src', 'price.js');
    const fixed = (await readFile(price, 'utf8')).replace(
      'return Math.round(',
      "if (!coupon) throw new Error('unknown coupon');\n  return Math.round(",
    );
    await writeFile(price, fixed);
    await w.clientA.crash();
    const buckets = await views(w).siteBuckets();
    expect(buckets.map(({ hits }) => hits).sort()).toEqual([1, 2]);
  });

  test('R15.3 and R15.4: the administrative executable receives the report over HTTP and stores it as a file', async () => {
    const w = await world();
    await w.clientA.crash();
    const [entry] = await views(w).siteEntries();
    const files = await textsBelow(join(w.siteData, 'entries'));
    const file = [...files].find(([name]) => name.includes(entry?.entryId ?? 'none'));
    expect(file?.[1]).toMatch(/^fr-entry 1\n\{.*"parts"/);
    expect(w.siteDoor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/hits',
      `PUT /v1/entries/${entry?.entryId}`,
    ]);
  });

  test('a server that is down loses nothing: the failure waits in the spool and a later delivery brings it', async () => {
    const dir = await temporary();
    const data = join(dir, 'site');
    const first = await startServer(BIN.frAdmin, ['--data', data, '--port', '0']);
    await first.stop();
    const client = await installClient('client', dir, first.url);
    expect((await client.crashOnly()).code).toBe(1);
    await until(
      'the reporter has given up',
      async () => ((await processesWith(client.spool)).length === 0 ? true : undefined),
      90_000,
    );
    expect((await client.status()).waiting).toHaveLength(1);
    const second = await startServer(BIN.frAdmin, ['--data', data, '--port', new URL(first.url).port]);
    cleanups.push(() => second.stop());
    await command(BIN.frReporter, ['deliver', '--spool', client.spool], { FR_SERVER: second.url });
    expect(await commandJson(BIN.frAdmin, ['buckets', '--data', data])).toMatchObject({
      rows: [{ hits: 1 }],
    });
  }, 150_000);
});

describe('claim 16: uploads happen periodically', () => {
  test('R16.1: by an injected clock: one pass per period, one to catch up after sleep', async () => {
    let now = 0;
    let passes = 0;
    let timer: { readonly run: () => void; readonly at: number } | undefined;
    const schedule = createSchedule({
      everyMs: 300_000,
      jitter: 0,
      now: () => now,
      setTimer: (run, ms) => {
        timer = { run, at: now + ms };
        return () => undefined;
      },
      run: async () => {
        passes += 1;
      },
    });
    async function advance(ms: number, asleep = false): Promise<void> {
      const end = now + ms;
      if (asleep) now = end;
      while (timer !== undefined && timer.at <= end) {
        const due = timer;
        timer = undefined;
        now = Math.max(now, due.at);
        due.run();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    }
    schedule.start();
    await advance(1);
    expect(passes).toBe(1);
    await advance(3 * 300_000);
    expect(passes).toBe(4);
    await advance(24 * 60 * 60_000, true);
    expect(passes).toBe(5);
    await schedule.stop();
  });

  test('R16.1: by the real clock: `--sync-every 1s` brings the entry up with nobody asking', async () => {
    const w = await world({ siteOptions: ['--sync-every', '1s'] });
    await w.clientA.crash();
    const there = await until('the vendor holds the entry', async () => {
      const entries = await views(w).vendorEntries();
      return entries.length > 0 ? entries : undefined;
    });
    expect(there).toHaveLength(1);
  });
});

describe('claim 17: two domains', () => {
  test("R17.1: the vendor's token opens no door at the site", async () => {
    const w = await world();
    const token = (
      await command(BIN.frDestination, ['sites', 'add', 'another', '--data', w.vendorData])
    ).trim();
    const authorization = `Bearer ${token}`;
    const openapi = (await (await fetch(`${w.site.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method })),
    );
    const guarded = routes.filter(({ path }) => path.startsWith('/v1/'));
    expect(guarded.length).toBeGreaterThan(10);
    for (const { path, method } of guarded) {
      const url = `${w.site.url}${path.replace('{entryId}', '01890a5d-ac96-774b-bcce-b302099a8057')}`;
      const reply = await fetch(url, { method: method.toUpperCase(), headers: { authorization } });
      expect([reply.status, ((await reply.json()) as { code: string }).code], `${method} ${path}`).toEqual([
        401,
        'unauthorized',
      ]);
    }
  });

  test('R17.1: reporters speak to the site alone; the vendor has no route for them', async () => {
    const w = await world();
    await w.clientA.crash();
    await views(w).sync();
    await w.clientA.crash();
    const seenByVendor = w.vendorDoor.requests.map(({ path }) => path.split('/').slice(0, 3).join('/'));
    expect([...new Set(seenByVendor)].sort()).toEqual(['/v1/entries', '/v1/offers']);
    const hits = await fetch(`${w.vendor.url}/v1/hits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"protocol":1,"hits":[]}',
    });
    expect(hits.status).toBe(404);
    const texts = await textsBelow(w.clientA.spool);
    expect(
      [...texts.values()].some((text) => text.includes(new URL(w.vendor.url).host) || text.includes('frs_')),
    ).toBe(false);
  });

  test('R17.1: what the administrator denies stays, although the vendor asks for it', async () => {
    const w = await world();
    await w.clientA.crash();
    await views(w).sync();
    const [bucket] = await views(w).vendorBuckets();
    await command(BIN.frDestination, [
      'demand',
      bucket?.bucketId ?? '',
      '--type',
      'environment',
      '--count',
      '2',
      '--reason',
      'which locale?',
      '--data',
      w.vendorData,
    ]);
    const policy = join(w.dir, 'policy.yaml');
    await writeFile(policy, 'version: 1\nrules:\n  - { type: environment, to: "*", action: deny }\n');
    const settings = JSON.parse(await readFile(join(w.siteData, 'site.json'), 'utf8')) as {
      upstream: { token: string };
    };
    await w.site.stop();
    const strict = await startSite(w.siteData, w.vendorDoor.url, settings.upstream.token, {
      siteOptions: ['--sync-every', '24h', '--policy', policy],
    });
    cleanups.push(() => strict.stop());
    const second = await installClient('client C', join(w.dir, 'client-c'), strict.url);
    await second.crash();
    await views(w).sync();
    const sent = w.vendorDoor.requests
      .filter(({ method }) => method === 'PUT')
      .flatMap(({ body }) => partTypes(body));
    expect(sent).not.toContain('environment');
    expect((await views(w).siteDemands()).find(({ reason }) => reason === 'which locale?')?.state).toBe(
      'refused',
    );
    expect(
      (await views(w).siteEntries()).some(
        ({ state, types }) => state === 'refused' && types.includes('environment'),
      ),
    ).toBe(true);
  });

  test('a program that is not listed leaves not even its name', async () => {
    const w = await world({ programs: ['another-program'] });
    await w.clientA.crash();
    await views(w).sync();
    expect(w.vendorDoor.requests.length).toBeGreaterThan(0);
    expect(w.vendorDoor.requests.some(({ plain }) => plain.includes('till'))).toBe(false);
    expect(await views(w).vendorBuckets()).toEqual([]);
    expect((await views(w).siteBuckets())[0]?.hits).toBe(1);
    // Where it is listed, the same look finds it.
    const open = await world();
    await open.clientA.crash();
    await views(open).sync();
    expect(open.vendorDoor.requests.some(({ plain }) => plain.includes('till'))).toBe(true);
  });
});

test('R18.1 to R18.6: a location is received and stored, a portion goes up first, the entry only because it includes what is needed; R19.1: the stored report itself says that it was uploaded', async () => {
  const w = await world();
  await w.clientA.crash();
  const [bucket] = await views(w).siteBuckets();
  expect(bucket?.name).toContain('discountOf');
  const before = w.vendorDoor.requests.length;
  await views(w).sync();
  const [portion, entry] = w.vendorDoor.requests.slice(before);
  expect(offerIn(portion?.plain).buckets).toMatchObject([{ hits: 1, bucket: { program: 'till' } }]);
  expect(partTypes(entry?.body ?? Buffer.alloc(0))).toEqual(['stack']);
  const files = await textsBelow(join(w.siteData, 'entries'));
  const stored = [...files].find(([name]) => name.endsWith('.uploaded'))?.[1] ?? '';
  const trailer = stored.slice(stored.lastIndexOf('\nsha256:') + 1).split('\n');
  expect(trailer[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
  const receipt = trailer.find((line) => line.startsWith('{"receipt"')) ?? '{}';
  expect(JSON.parse(receipt)).toMatchObject({
    receipt: { to: new URL(w.vendorDoor.url).origin, types: ['stack'], demands: ['vendor-default'] },
  });
});

test('R20.1: the site receives what to collect of a second report, and a later crash brings it', async () => {
  const w = await world();
  await w.clientA.crash();
  await views(w).sync();
  const [bucket] = await views(w).vendorBuckets();
  await command(BIN.frDestination, [
    'demand',
    bucket?.bucketId ?? '',
    '--type',
    'diagnostic-report',
    '--reason',
    'heap at the time?',
    '--data',
    w.vendorData,
  ]);
  await views(w).sync();
  await command(BIN.frAdmin, ['approve', '--all', '--data', w.siteData]);
  await w.clientA.crash();
  await w.clientA.crash();
  await views(w).sync();
  const there = await views(w).vendorEntries();
  expect(there.flatMap(({ types }) => types).sort()).toEqual(['diagnostic-report', 'stack']);
  const before = w.siteDoor.requests.length;
  await w.clientA.crash();
  expect(w.siteDoor.requests.slice(before).map(({ path, status }) => [path, status])).toEqual([
    ['/v1/hits', 204],
  ]);
});

test("an operator's own server, composed from the packages, takes reports and shows its own page", async () => {
  const dir = await temporary();
  const main = join(ROOT, 'apps', 'example-operator', 'src', 'main.ts');
  const port = '0';
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [main, join(dir, 'data'), port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(async () => void child.kill('SIGTERM'));
  const printed: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString('utf8')));
  const url = await until('the operator is ready', async () => /ready (http\S+)/.exec(printed.join(''))?.[1]);
  const client = await installClient('client', dir, url);
  await client.crash();
  expect(await (await fetch(`${url}/corridor`)).json()).toMatchObject([{ hits: 1, program: 'till' }]);
});

test('handled failures of a program that goes on are counted too', async () => {
  const w = await world();
  const ended = await runNode(['src/kiosk.js'], {
    cwd: w.clientA.program,
    env: { FR_SERVER: w.siteDoor.url, FR_SPOOL_DIR: w.clientA.spool },
  });
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(ended.stdout).toContain('goes to the desk');
  const entries: readonly EntryView[] = await views(w).siteEntries();
  expect((await views(w).siteBuckets()).map(({ hits }) => hits)).toEqual([1]);
  expect(entries.flatMap(({ types }) => types)).toContain('stack');
});
