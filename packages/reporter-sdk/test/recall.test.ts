import { readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { signAnswer } from '@fr/protocol/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HELD_LIMITS } from '../src/spool/held.ts';
import { runReporter, temporaryFolder } from './support/process.ts';
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

function reporter(command: string, ...words: readonly string[]): ReturnType<typeof runReporter> {
  return runReporter([command, ...words, '--spool', spool], { FR_SERVER: site.url, FR_KEY: site.token });
}

/** A failure that was settled with a hit alone. */
async function settled(changes: Parameters<typeof leaveFailure>[1] = {}) {
  const facts = leaveFailure(spool, changes);
  await reporter('deliver');
  expect(site.entries).toEqual([]);
  return { facts, bucket: bucketOfFacts(facts) };
}

function another(program: string): Parameters<typeof leaveFailure>[1] {
  return {
    failure: {
      kind: 'error',
      program,
      programVersion: '1',
      platform: 'linux',
      error: { name: 'Error', message: 'm', stack: 'Error: m\n    at f (/srv/x/a.js:1:1)' },
    },
  };
}

describe('a demand that comes after a failure was settled', () => {
  it('is met of what is held, once, without another failure; what only a failing program has waits for the next', async () => {
    const { facts, bucket } = await settled();
    site.demands = (of) => [demandFor(of, ['stack', 'environment', 'diagnostic-report'], site.key)];
    expect(await reporter('deliver')).toMatchObject({ code: 0 });
    expect(site.entries).toMatchObject([
      {
        header: {
          reportId: facts.reportId,
          bucket,
          at: facts.at,
          recalledAt: expect.any(Number),
          parts: [{ type: 'stack' }, { type: 'environment' }],
        },
      },
    ]);
    // One occurrence, however often it is named.
    expect([...site.counts()]).toEqual([[bucketId(bucket), 1]]);
    expect(spoolState(spool)).toMatchObject({
      receipts: [
        { reportId: facts.reportId, recalled: [{ types: ['stack', 'environment'], result: 'stored' }] },
      ],
      demands: [{ bucketId: bucketId(bucket) }],
    });
    const { stdout } = await reporter('status');
    expect(stdout).toMatch(/asked for later: stack, environment \(\d+ bytes\) stored/);
    expect(stdout).toMatch(new RegExp(`1 held.*\\n.*${facts.reportId}`));
    await reporter('deliver');
    expect(site.entries).toHaveLength(1);
  });

  it('is asked about by a launch for another failure, at most once an hour', async () => {
    await settled();
    site.demands = (of) => (of.program === 'till' ? [demandFor(of, ['stack'], site.key)] : []);
    leaveFailure(spool, another('other'));
    await reporter('deliver', '--no-wait');
    expect(site.entries).toEqual([]);
    // As if the site had been asked an hour ago.
    const [name = ''] = namesIn(spool, 'held').filter((held) => held.endsWith('.json'));
    for (const held of namesIn(spool, 'held')) {
      const file = join(spool, 'held', held);
      const value = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...value, askedAt: Date.now() - 61 * 60 * 1000 }), {
        mode: 0o600,
      });
    }
    expect(name).not.toBe('');
    leaveFailure(spool, another('third'));
    await reporter('deliver', '--no-wait');
    expect(site.entries.map(({ header }) => header.bucket.program)).toEqual(['till']);
  });

  it('gets no more than was declared, the level now allows and is light; a lower level lets go of all', async () => {
    const declared = ['stack', 'breadcrumbs', 'log-tail'];
    const { facts } = await settled({
      declared,
      consent: 'full',
      breadcrumbs: [{ at: 1, text: 'c' } as never],
    });
    const held = namesIn(spool, 'held')[0] ?? '';
    expect(held).toMatch(/^b[a-z2-7]{26}\.json$/);
    site.demands = (of) => [
      demandFor(of, ['stack', 'environment', 'breadcrumbs', 'log-tail', 'heap-snapshot'], site.key),
    ];
    await runReporter(['deliver', '--spool', spool], {
      FR_SERVER: site.url,
      FR_KEY: site.token,
      FR_CONSENT: 'count',
    });
    expect(site.entries).toEqual([]);
    expect(namesIn(spool, 'held')).toEqual([]);
    expect(spoolState(spool).receipts).toMatchObject([{ reportId: facts.reportId }]);
    site.demands = () => [];
    leaveFailure(spool, { declared, consent: 'full' });
    await reporter('deliver');
    site.demands = (of) => [demandFor(of, ['stack', 'environment', 'breadcrumbs', 'log-tail'], site.key)];
    await reporter('deliver');
    expect(site.entries.map(({ header }) => header.parts.map(({ type }) => type))).toEqual([['stack']]);
  });

  it('is not met of a failure that was withdrawn, that is too old, or whose level forbids it', async () => {
    const { facts } = await settled();
    expect(await reporter('withdraw', facts.reportId)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/hit counted; a hit and nothing else\nwhat was held of it.* is gone/),
    });
    expect(namesIn(spool, 'held')).toEqual([]);
    await settled({ ...another('old'), at: Date.now() - HELD_LIMITS.ageMs - DAY_MS });
    await settled({ ...another('quiet'), consent: 'count' });
    await settled(another('no'));
    await reporter('consent', 'off');
    expect(namesIn(spool, 'held')).toEqual([]);
    await reporter('consent', 'full');
    site.demands = (of) => [demandFor(of, ['stack'], site.key)];
    await reporter('deliver');
    expect(site.entries).toEqual([]);
  });

  it('does not get the versions of a program that was changed since', async () => {
    const root = temporaryFolder();
    const manifest = join(root, 'package.json');
    writeFileSync(manifest, JSON.stringify({ dependencies: { here: '1' } }));
    const changed = (at: number) => utimesSync(manifest, at / 1000, at / 1000);
    changed(Date.now() - DAY_MS);
    const runtime = { pid: 1, uptimeMs: 12, runtime: 'node 24', variables: {}, root };
    await settled({ declared: ['packages'], process: runtime });
    site.demands = (of) => [demandFor(of, ['packages'], site.key)];
    changed(Date.now() + 1_000);
    await reporter('deliver');
    expect(site.entries).toEqual([]);
    changed(Date.now() - DAY_MS);
    await reporter('deliver');
    expect(site.entries.map(({ parts }) => Object.keys(parts))).toEqual([['packages']]);
  });

  it('is met with the very same bytes after an upload whose end nobody heard, and not at all when it is refused', async () => {
    await settled();
    site.demands = (of) => [demandFor(of, ['stack'], site.key)];
    site.intercept = (request, response) => {
      if (request.method !== 'PUT') return false;
      request.resume();
      response.writeHead(503, { 'retry-after': '60' }).end();
      return true;
    };
    await reporter('deliver');
    const kept = namesIn(spool, 'held').filter((name) => name.endsWith('.entry'));
    expect(kept).toHaveLength(1);
    site.intercept = undefined;
    site.refuseEntry = { status: 409, code: 'not-needed' };
    await reporter('deliver');
    expect(spoolState(spool).receipts).toMatchObject([{ recalled: [{ result: 'not-needed' }] }]);
    site.refuseEntry = undefined;
    await reporter('deliver');
    expect(site.entries).toHaveLength(1);
    expect(namesIn(spool, 'held').filter((name) => name.endsWith('.entry'))).toEqual([]);
  });

  it('is found among the newest failures of a hundred buckets, and no more are held', async () => {
    for (let bucket = 0; bucket < HELD_LIMITS.failures + 5; bucket += 1)
      leaveFailure(spool, { ...another(`p${bucket}`), at: Date.now() - 1_000 + bucket });
    await reporter('deliver');
    await reporter('deliver');
    expect(namesIn(spool, 'held')).toHaveLength(HELD_LIMITS.failures);
    leaveFailure(spool, { ...another('p50'), consent: 'full' });
    await reporter('deliver');
    expect(namesIn(spool, 'held')).toHaveLength(HELD_LIMITS.failures);
    writeFileSync(join(spool, 'held', namesIn(spool, 'held')[0] ?? ''), 'half a');
    expect(await reporter('deliver')).toMatchObject({ code: 0, stderr: '' });
    expect(namesIn(spool, 'held')).toHaveLength(HELD_LIMITS.failures - 1);
  });

  it('comes with what the site tells by now, which reaches the person without another failure', async () => {
    const { bucket } = await settled();
    const about = bucketId(bucket);
    site.answers = () => [signAnswer({ about, version: 3, text: 'Fixed in 2.1.' }, site.key)];
    await reporter('deliver');
    expect((await reporter('status')).stdout).toContain('Fixed in 2.1.');
  });

  it('is in nobody’s way: neither a link in the place of what is held, nor a site that answers nonsense or not at all', async () => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'mine.txt'), 'to be kept');
    leaveFailure(spool);
    symlinkSync(elsewhere, join(spool, 'held'));
    expect(await reporter('deliver')).toMatchObject({ code: 0, stderr: '' });
    expect(spoolState(spool)).toMatchObject({ waiting: [], receipts: [{ hit: 'counted' }] });
    expect(readFileSync(join(elsewhere, 'mine.txt'), 'utf8')).toBe('to be kept');
    expect(readdirSync(elsewhere)).toEqual(['mine.txt']);
    rmSync(join(spool, 'held'));
    await settled(another('held'));
    for (const [status, type, body] of [
      [200, 'application/msgpack', 'nonsense'],
      [200, 'text/html', '<h1>Welcome</h1>'],
      [302, 'text/plain', ''],
      [200, 'application/json', JSON.stringify({ results: [], demands: [], key: 'k', succession: 7 })],
    ] as const) {
      site.intercept = (request, response) => {
        request.resume();
        response.writeHead(status, { 'content-type': type, location: 'http://127.0.0.1:1/' }).end(body);
        return true;
      };
      expect(await reporter('deliver', '--no-wait')).toMatchObject({ code: 0 });
      expect(namesIn(spool, 'held')).toHaveLength(1);
    }
  });
});
