import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import type { Succession } from '@fr/protocol';
import { generateSigningKey, type SigningKey, signSuccession } from '@fr/protocol/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOSTS, runReporter, runWatched, startReporter, temporaryFolder, until } from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, namesIn, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

const DAY_MS = 24 * 60 * 60 * 1000;

function environment(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token };
}

function deliver(env = environment()): ReturnType<typeof runReporter> {
  return runReporter(['deliver', '--spool', spool], env);
}

describe('fr-reporter deliver', () => {
  it('sends a hit and nothing else when nothing is wanted', async () => {
    const facts = leaveFailure(spool);
    expect(await deliver()).toMatchObject({ code: 0, stderr: '' });
    expect(site.requests).toEqual([{ line: 'POST /v1/hits', authorization: `Bearer ${site.token}` }]);
    expect(site.hits).toMatchObject([{ reportId: facts.reportId, count: 1, outcome: 'fatal' }]);
    expect(namesIn(spool, 'failures')).toEqual([]);
    expect(spoolState(spool).receipts).toMatchObject([{ reportId: facts.reportId, hit: 'counted' }]);
  });

  it('collects what is asked for now, and keeps the demand for the next failure', async () => {
    const facts = leaveFailure(spool);
    const bucket = bucketOfFacts(facts);
    site.demands = () => [demandFor(bucket, ['stack', 'diagnostic-report'], site.key)];
    await deliver();
    expect(site.entries).toHaveLength(1);
    expect(site.entries[0]?.header).toMatchObject({
      reportId: facts.reportId,
      bucket,
      demands: ['d-stack-diagnostic-report'],
      parts: [{ type: 'stack' }],
    });
    const status = spoolState(spool);
    expect(status.receipts[0]).toMatchObject({
      entry: { result: 'stored', types: ['stack'] },
      notSent: [{ type: 'diagnostic-report', why: 'next-failure' }],
    });
    expect(status.demands).toMatchObject([{ bucketId: bucketId(bucket) }]);

    site.demands = () => [];
    leaveFailure(spool);
    await deliver();
    expect(spoolState(spool).demands).toEqual([]);
    expect(site.entries).toHaveLength(1);
  });

  it('brings the diagnostic report of a real next crash, without environment, network and arguments', async () => {
    site.demands = (bucket) => [demandFor(bucket, ['diagnostic-report'], site.key)];
    for (const round of [1, 2]) {
      const env = { ...environment(), FR_SPOOL_DIR: spool, HIDDEN_PLACE: 'under-the-mat' };
      await runWatched([join(HOSTS, 'undefined-property.mjs'), '--pin=behind-the-clock'], env);
      await until(() => spoolState(spool).receipts.length === round, `crash ${round} is settled`);
    }
    expect(site.entries).toHaveLength(1);
    const text = site.entries[0]?.parts['diagnostic-report'] ?? '';
    const report = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(report['javascriptStack']?.['message']).toContain('/nowhere/settings.json');
    expect(report['environmentVariables']).toBeUndefined();
    expect(Object.keys(report['header'] ?? {})).not.toContain('commandLine');
    expect(Object.keys(report['header'] ?? {})).not.toContain('networkInterfaces');
    expect(text).not.toMatch(/under-the-mat|behind-the-clock/);
  });

  it('brings lines around own frames and versions of dependencies, and nothing from other files a stack names', async () => {
    const program = temporaryFolder();
    mkdirSync(join(program, 'node_modules/coins'), { recursive: true });
    writeFileSync(
      join(program, 'package.json'),
      '{"name":"till","version":"1.0.0","dependencies":{"coins":"^2"}}',
    );
    writeFileSync(join(program, 'node_modules/coins/package.json'), '{"name":"coins","version":"2.7.1"}');
    const secret = join(temporaryFolder(), 'secret.js');
    writeFileSync(secret, 'not yours');
    writeFileSync(join(program, '.env'), 'not yours either');
    writeFileSync(
      join(program, 'till.cjs'),
      `function open(till) {
  return till.drawer.open(); // the culprit
}
try {
  open({});
} catch (error) {
  error.stack += '\\n    at f (${secret}:1:1)\\n    at g (${program}/.env:1:1)\\n    at h (${program}/../../etc/passwd:1:1)';
  throw error;
}
`,
    );
    site.demands = (bucket) => [demandFor(bucket, ['source-context', 'packages'], site.key)];
    await runWatched([join(program, 'till.cjs')], { ...environment(), FR_SPOOL_DIR: spool });
    await until(() => spoolState(spool).receipts.length === 1, 'settled');
    const parts = site.entries[0]?.parts ?? {};
    expect(JSON.parse(parts['packages'] ?? '')).toEqual({ coins: '2.7.1' });
    const places = JSON.parse(parts['source-context'] ?? '') as {
      file: string;
      lines: Record<string, string>;
    }[];
    expect(new Set(places.map(({ file }) => file))).toEqual(new Set(['till.cjs']));
    expect(places[0]?.lines['2']).toContain('the culprit');
    expect(JSON.stringify(parts)).not.toContain('not yours');
  });

  it('scrubs secrets out of a stack', async () => {
    leaveFailure(spool, {
      failure: {
        kind: 'error',
        program: 'till',
        programVersion: '1.0.0',
        error: {
          name: 'Error',
          message: 'login as ada@example.org failed, password=correcthorse9',
          stack:
            'Error: login as ada@example.org failed, password=correcthorse9\n    at f (/home/ada/till/a.js:1:1)',
        },
      },
    });
    site.demands = (bucket) => [demandFor(bucket, ['stack'], site.key)];
    await deliver();
    expect(site.entries[0]?.parts['stack']).toContain('till/a.js');
    expect(site.entries[0]?.parts['stack']).not.toMatch(/ada@example|correcthorse9|\/home\/ada/);
  });

  it.each([
    ['not-needed', 409],
    ['refused-by-policy', 403],
  ] as const)('takes "%s" for an entry as an answer, not as a failure', async (code, status) => {
    const facts = leaveFailure(spool);
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    site.refuseEntry = { status, code };
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(site.entries).toEqual([]);
    expect(spoolState(spool).receipts).toMatchObject([{ entry: { result: code } }]);
  });

  it('keeps failures while the server is down, says so, and brings them when it is up', async () => {
    const { port, key } = site;
    leaveFailure(spool);
    leaveFailure(spool, { count: 41 });
    await site.close();
    const failed = await deliver();
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/2 waiting\n.*ECONNREFUSED/);
    expect(spoolState(spool).waiting).toHaveLength(2);
    site = await startSite({ port, key });
    expect(await deliver()).toMatchObject({ code: 0 });
    expect([...site.counts().values()]).toEqual([42]);
  });

  it('tries again when the server is busy, and does what Retry-After says', async () => {
    leaveFailure(spool);
    let asked = 0;
    site.intercept = (_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(503, { 'retry-after': '1' }).end();
      return asked === 1;
    };
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(asked).toBe(2);
    expect(site.hits).toHaveLength(1);
  });

  it('keeps failures when the key is refused, and follows no redirect', async () => {
    leaveFailure(spool);
    const elsewhere = await startSite();
    for (const [status, headers] of [
      [401, {}],
      [307, { location: `${elsewhere.url}/v1/hits` }],
    ] as const) {
      site.intercept = (_, response) => {
        response.writeHead(status, headers).end();
        return true;
      };
      expect(await deliver()).toMatchObject({ code: 1, stdout: expect.stringContaining(String(status)) });
    }
    expect(elsewhere.requests).toEqual([]);
    expect(spoolState(spool).waiting).toHaveLength(1);
    await elsewhere.close();
  });

  it.each([
    ['nonsense', 'application/msgpack', Buffer.from('nonsense')],
    ['an array header of four billion items', 'application/msgpack', Buffer.from([0xdd, 255, 255, 255, 255])],
    ['a page', 'text/html', Buffer.from('<html></html>')],
    ['JSON of another shape', 'application/json', Buffer.from('{"results":7}')],
  ])('keeps the failure when the server answers %s', async (_, type, body) => {
    leaveFailure(spool);
    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': type }).end(body);
      return true;
    };
    expect(await deliver()).toMatchObject({ code: 1 });
    expect(spoolState(spool).waiting).toHaveLength(1);
  });

  it('sets aside what the server calls malformed and what it cannot read itself, and counts it', async () => {
    leaveFailure(spool, { count: 3 });
    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(400).end();
      return true;
    };
    await deliver();
    writeFileSync(join(spool, 'failures', '01a204d2-8bf6-77c8-89a8-d8a7b01c614d.json'), '{"format":1,"repor');
    site.intercept = undefined;
    expect(await deliver()).toMatchObject({ code: 0 });
    const status = spoolState(spool);
    expect(status.waiting).toEqual([]);
    expect(status.drops).toEqual({ malformed: 3, unreadable: 1 });
    expect(namesIn(spool, 'frozen')).toHaveLength(2);
    expect(site.hits).toEqual([]);
  });

  it('takes a refused hit for settled, and counts what it stood for as lost with the reason in the receipt', async () => {
    const { reportId } = leaveFailure(spool, { count: 9 });
    site.intercept = (request, response) => {
      request.resume();
      const results = [{ reportId, result: 'refused', reason: 'this program is not known here' }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ results, demands: [], key: site.key.publicKey }));
      return true;
    };
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(spoolState(spool)).toMatchObject({
      waiting: [],
      drops: { refused: 9 },
      receipts: [{ hit: 'refused', reason: 'this program is not known here' }],
    });
  });

  it('drops and counts what is older than thirty days', async () => {
    leaveFailure(spool, { at: Date.now() - 31 * DAY_MS, count: 12 });
    leaveFailure(spool, { at: Date.now() - 29 * DAY_MS });
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(site.hits).toHaveLength(1);
    expect(spoolState(spool).drops).toEqual({ 'too-old': 12 });
  });

  it('sends what the host saw when a source file was changed since', async () => {
    const folder = temporaryFolder();
    const program = join(folder, 'till.cjs');
    writeFileSync(program, 'function open(till) {\n  return till.drawer.open();\n}\nopen({});\n');
    const env = { FR_SERVER: 'http://127.0.0.1:9', FR_SPOOL_DIR: spool };
    await runWatched([program], env);
    const [launched] = await lockHolder();
    const [name = ''] = namesIn(spool, 'failures').filter((file) => file.endsWith('.json'));
    const kept = (): boolean => readFileSync(join(spool, 'failures', name), 'utf8').includes('"seen":');
    await until(kept, 'the bucket is kept');
    process.kill(launched, 'SIGKILL');
    const { stdout } = await runReporter(['status', '--json', '--spool', spool]);
    const [noted] = JSON.parse(stdout).waiting;
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(
      program,
      '// a line was put in\n\nfunction openTheTill(till) {\n  return till.drawer;\n}\n',
    );
    await deliver();
    expect(site.hits.map(({ bucket }) => bucketId(bucket))).toEqual([noted.bucketId]);
    expect(site.hits[0]?.bucket.location).toContain('open~');
  });
});

describe('demands', () => {
  it('are believed only from the pinned key, for this bucket, within their time, for declared types', async () => {
    const facts = leaveFailure(spool, { declared: ['stack', 'environment'] });
    const bucket = bucketOfFacts(facts);
    const foreign = generateSigningKey();
    const other = { ...bucket, location: 'elsewhere' };
    const good = demandFor(bucket, ['stack'], site.key);
    site.demands = () => [
      demandFor(bucket, ['environment'], foreign, { id: 'foreign' }),
      demandFor(other, ['environment'], site.key, { id: 'other' }),
      demandFor(bucket, ['environment'], site.key, { id: 'old', until: Date.now() - 1 }),
      demandFor(bucket, ['environment'], site.key, { id: 'endless', until: Date.now() + 400 * DAY_MS }),
      { ...good, terms: { ...good.terms, id: 'forged', types: [{ type: 'environment', count: 1 }] } },
      demandFor(bucket, ['heap-snapshot', 'x-own', 'attachment:passwd', 'breadcrumbs'], site.key, {
        id: 'greedy',
      }),
    ];
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(site.requests.map(({ line }) => line)).toEqual(['POST /v1/hits']);
    const [receipt] = spoolState(spool).receipts;
    expect(receipt?.notSent.map(({ why }) => why)).toEqual([
      'foreign-key',
      'other-bucket',
      'expired',
      'too-long',
      'bad-signature',
      'not-declared',
      'not-declared',
      'not-declared',
      'not-declared',
    ]);
  });

  it('of a server whose key is not the one in the reporter key are not believed', async () => {
    const facts = leaveFailure(spool);
    const impostor = generateSigningKey();
    site.presents = impostor;
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], impostor)];
    await deliver();
    expect(site.entries).toEqual([]);
    expect(spoolState(spool).demands).toEqual([]);
  });

  it('are believed from a key that took the place of the pinned one, with or without a reporter key; nobody goes back', async () => {
    const [second, third] = [generateSigningKey(), generateSigningKey()];
    const chain = [signSuccession(site.key, second, 1_000), signSuccession(second, third, 2_000)];
    for (const [place, env] of [environment(), { FR_SERVER: site.url }].entries()) {
      const own = join(spool, String(place));
      const types = async (key: SigningKey, succession: readonly Succession[]) => {
        site.presents = { ...key, succession };
        const bucket = bucketOfFacts(leaveFailure(own));
        site.demands = () => [demandFor(bucket, ['stack'], key)];
        await runReporter(['deliver', '--spool', own], env);
        const [receipt] = spoolState(own).receipts.toSorted((a, b) => b.settledAt - a.settledAt);
        return receipt?.entry?.types ?? receipt?.notSent.map(({ why }) => why);
      };
      expect(await types(site.key, [])).toEqual(['stack']);
      expect(await types(third, chain)).toEqual(['stack']);
      expect(await types(site.key, [])).toEqual(['retired-key']);
      expect(await types(second, chain.slice(0, 1))).toEqual(['retired-key']);
      expect(await types(generateSigningKey(), [])).toEqual(['foreign-key']);
      expect(await types(third, chain.toReversed())).toEqual(['bad-succession']);
      expect(await types(third, chain.slice(1))).toEqual(['stack']);
    }
  });

  it('without a reporter key are believed from the first key this machine’s server presents, and no other', async () => {
    const facts = leaveFailure(spool);
    const bucket = bucketOfFacts(facts);
    site.demands = () => [demandFor(bucket, ['stack'], site.presents)];
    await deliver({ FR_SERVER: site.url });
    expect(site.entries).toHaveLength(1);
    expect(existsSync(join(spool, 'site-key.json'))).toBe(true);
    site.presents = generateSigningKey();
    leaveFailure(spool);
    await deliver({ FR_SERVER: site.url });
    expect(site.entries).toHaveLength(1);
    expect(site.hits).toHaveLength(2);
  });

  it('go no further than the consent of the person at the machine', async () => {
    const bucket = bucketOfFacts(leaveFailure(spool, { consent: 'count' }));
    site.demands = () => [demandFor(bucket, ['stack', 'diagnostic-report'], site.key)];
    await deliver();
    leaveFailure(spool, { consent: 'standard' });
    await deliver({ ...environment(), FR_CONSENT: 'count' });
    expect(site.hits).toHaveLength(2);
    expect(site.entries).toEqual([]);
    leaveFailure(spool, { consent: 'minimal', parts: ['diagnostic-report'] }, [
      { type: 'diagnostic-report', content: '{}' },
    ]);
    await deliver();
    expect(site.entries.map(({ header }) => header.parts.map(({ type }) => type))).toEqual([['stack']]);
  });

  it('that were seen in a newer version are not believed in an older one', async () => {
    const facts = leaveFailure(spool);
    const bucket = bucketOfFacts(facts);
    site.demands = () => [demandFor(bucket, ['stack'], site.key, { version: 7 })];
    await deliver();
    site.demands = () => [demandFor(bucket, ['stack'], site.key, { version: 6 })];
    leaveFailure(spool);
    await deliver();
    expect(site.entries).toHaveLength(1);
    const why = spoolState(spool).receipts.flatMap(({ notSent }) => notSent.map((each) => each.why));
    expect(why).toEqual(['rolled-back']);
  });
});

describe('a killed fr-reporter', () => {
  it.each([
    ['before its hit is read', 'POST', 'before'],
    ['after its hit was counted', 'POST', 'after'],
    ['before its entry is read', 'PUT', 'before'],
    ['after its entry was stored', 'PUT', 'after'],
  ])('%s repeats harmlessly', async (_, method, moment) => {
    const facts = leaveFailure(spool, { count: 5 });
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    let victim: ReturnType<typeof startReporter> | undefined;
    const kill = (): void => victim?.kill('SIGKILL');
    site.intercept = (request: IncomingMessage, response) => {
      if (request.method !== method) return false;
      if (moment === 'before') {
        kill();
        return true;
      }
      const end = response.end.bind(response);
      response.end = ((...args: Parameters<typeof end>) => {
        kill();
        setTimeout(() => end(...args), 50);
        return response;
      }) as typeof response.end;
      return false;
    };
    victim = startReporter(['deliver', '--spool', spool], environment());
    expect(await victim.ended).toMatchObject({ signal: 'SIGKILL' });
    site.intercept = undefined;
    expect(spoolState(spool).waiting).toHaveLength(1);
    expect(await deliver()).toMatchObject({ code: 0 });
    expect([...site.counts().values()]).toEqual([5]);
    expect(site.entries).toHaveLength(1);
    expect(namesIn(spool, 'failures')).toEqual([]);
  });

  it('by SIGTERM gives the lock back and loses nothing', async () => {
    leaveFailure(spool);
    site.intercept = () => true;
    const reporter = startReporter(['deliver', '--spool', spool], environment());
    await until(() => site.requests.length > 0, 'it asks');
    reporter.kill('SIGTERM');
    expect(await reporter.ended).toMatchObject({ code: 143 });
    expect(existsSync(join(spool, 'reporter.lock'))).toBe(false);
    expect(spoolState(spool).waiting).toHaveLength(1);
  });

  it('is never a reason for two at work: the second leaves, or waits for its turn', async () => {
    leaveFailure(spool);
    site.intercept = () => true;
    const first = startReporter(['deliver', '--spool', spool], environment());
    await until(() => site.requests.length > 0, 'the first is at work');
    const second = await runReporter(['deliver', '--no-wait', '--spool', spool], environment());
    expect(second.stdout).toContain(`process ${first.pid}`);
    const third = startReporter(['deliver', '--spool', spool], environment());
    site.intercept = undefined;
    first.kill('SIGKILL');
    expect(await third.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('1 settled') });
  });
});

describe('a spool', () => {
  it('is closed to others, and made so', async () => {
    mkdirSync(spool, { mode: 0o755 });
    leaveFailure(spool);
    await deliver();
    const { mode } = await import('node:fs').then(({ statSync }) => statSync(spool));
    expect(mode & 0o777).toBe(0o700);
  });

  it('that is a link, open to others or somebody else’s is refused', async () => {
    const real = join(temporaryFolder(), 'real');
    leaveFailure(real);
    symlinkSync(real, spool);
    expect(await deliver()).toMatchObject({ code: 1, stderr: expect.stringContaining('is a link') });
    chmodSync(real, 0o777);
    const open = await runReporter(['deliver', '--spool', real], environment());
    expect(open).toMatchObject({ code: 1, stderr: expect.stringContaining('make it 0700') });
    expect(site.requests).toEqual([]);
  });

  it('that is full takes no more and counts what it does not take', async () => {
    const facts = leaveFailure(spool);
    // A few more, since a file that is being replaced may be missed in a listing.
    for (let copy = 1; copy < 1_253; copy++) {
      const reportId = facts.reportId.slice(0, -4) + String(copy).padStart(4, '0');
      writeFileSync(join(spool, 'failures', `${reportId}.json`), JSON.stringify({ ...facts, reportId }));
    }
    const host = join(HOSTS, 'undefined-property.mjs');
    const lost = { FR_SERVER: site.url, FR_SPOOL_DIR: spool };
    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(404).end();
      return true;
    };
    expect((await runWatched([host], lost)).code).toBe(1);
    expect(spoolState(spool).drops).toEqual({ 'spool-full': 1 });
    expect(spoolState(spool).waiting.length).toBeLessThanOrEqual(1_253);
  });

  it('does not follow a link to a file of somebody else’s', async () => {
    const facts = leaveFailure(spool);
    const secret = join(temporaryFolder(), 'secret.json');
    writeFileSync(secret, readFileSync(join(spool, 'failures', `${facts.reportId}.json`)));
    symlinkSync(secret, join(spool, 'failures', '01a204d2-8bf6-77c8-89a8-d8a7b01c614d.json'));
    await deliver();
    expect(site.hits.map(({ reportId }) => reportId)).toEqual([facts.reportId]);
    expect(spoolState(spool).drops).toEqual({ unreadable: 1 });
  });
});

async function lockHolder(): Promise<[number]> {
  const lock = join(spool, 'reporter.lock');
  await until(() => existsSync(lock), 'a reporter was launched');
  return [(JSON.parse(readFileSync(lock, 'utf8')) as { pid: number }).pid];
}
