import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey, issueToken } from '@fr/protocol/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NODE, runReporter, startReporter, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { leaveFailure, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

describe('the command line of fr-reporter', () => {
  it.each([
    [['delivre'], 'did you mean "deliver"?'],
    [['deliver', '--spol', '/x'], 'did you mean "--spool"?'],
    [['frobnicate'], 'there are deliver, status, withdraw, consent, doctor, run'],
    [['status', 'twice'], '"twice" is one word too many'],
    [['run'], 'fr-reporter run -- COMMAND'],
    [['withdraw'], 'fr-reporter withdraw ID'],
    [['withdraw', '../../etc/passwd'], 'status lists the ids'],
    [[], 'usage: fr-reporter'],
  ])('%j is wrong and says how it is right', async (args, hint) => {
    const ended = await runReporter(args, { FR_SPOOL_DIR: spool });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(hint);
  });

  it('tells in words and as JSON what waits', async () => {
    leaveFailure(spool, { count: 3 });
    const words = await runReporter(['status', '--spool', spool]);
    expect(words.stdout).toMatch(/1 waiting\n.*3 × v1\|till\|2\.0\.1\|/);
    const json = await runReporter(['status', '--json', '--spool', spool]);
    expect(JSON.parse(json.stdout).waiting).toMatchObject([{ count: 3, kind: 'error', readable: true }]);
  });

  it('finds out what is wrong with the set-up', async () => {
    const fine = await runReporter(['doctor', '--json', '--spool', spool], {
      FR_SERVER: site.url,
      FR_KEY: site.token,
    });
    expect(fine.code).toBe(0);
    expect(JSON.parse(fine.stdout)).toMatchObject({ ok: true });
    expect(site.hits).toEqual([]);
    expect(site.tests).toMatchObject([{ bucket: { program: 'fr-doctor' } }]);

    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(request.url === '/health/live' ? 200 : 401).end();
      return true;
    };
    expect(await badChecks({ FR_SERVER: site.url, FR_KEY: site.token })).toEqual(['server takes hits']);
    expect(await badChecks({ FR_SERVER: site.url, FR_KEY: 'frk_cut-off' })).toEqual([
      'key',
      'server takes hits',
    ]);
    expect(await badChecks({ FR_SERVER: 'example.org' })).toEqual(['server address']);
    expect(await badChecks({ FR_SERVER: 'http://127.0.0.1:9', FR_CONSENT: 'some' })).toEqual([
      'switched on',
      'server',
    ]);
    expect(await badChecks({})).toEqual(['server address']);
  });

  it('finds a key of another site, a clock far off and a spool that cannot be written', async () => {
    const foreign = { FR_SERVER: site.url, FR_KEY: issueToken('frk', generateSigningKey().keyId) };
    expect(await badChecks(foreign)).toEqual(['site']);
    site.intercept = (_, response) => {
      response.setHeader('date', new Date(Date.now() - 5 * 60 * 60 * 1000).toUTCString());
      return false;
    };
    expect(await badChecks({ FR_SERVER: site.url, FR_KEY: site.token })).toEqual(['clock']);
    site.intercept = undefined;
    const env = { FR_SERVER: site.url, FR_KEY: site.token };
    writeFileSync(spool, 'a file');
    expect(await badChecks(env)).toEqual(['spool']);
    expect(await badChecks(env, join(spool, 'below'))).toEqual(['spool']);
    expect(site.hits).toEqual([]);
  });
});

describe('fr-reporter run', () => {
  it('passes output and exit code through and reports the code', async () => {
    const ended = await supervise([NODE, '-e', 'console.log(1); console.error(2); process.exit(7)']);
    expect(ended).toEqual({ code: 7, signal: null, stdout: '1\n', stderr: '2\n' });
    await until(() => site.hits.length === 1, 'a hit');
    expect(site.hits[0]?.bucket).toMatchObject({ program: 'job', programVersion: '3', location: 'exit:7' });
    await settled();
  });

  it('dies by the same signal and reports it', async () => {
    const ended = await supervise(['sh', '-c', 'kill -SEGV $$']);
    expect(ended).toMatchObject({ code: null, signal: 'SIGSEGV', stdout: '', stderr: '' });
    await until(() => site.hits.length === 1, 'a hit');
    expect(site.hits[0]?.bucket.location).toBe('signal:SIGSEGV');
    await settled();
  });

  it('hands signals on, and takes a wanted end for no failure', async () => {
    const running = startReporter(
      ['run', '--', NODE, '-e', 'setInterval(() => {}, 1000); console.log("up")'],
      environment(),
    );
    await until(
      async () =>
        (await import('node:fs')).readFileSync(
          `/proc/${running.pid}/task/${running.pid}/children`,
          'utf8',
        ) !== '',
      'the command runs',
    );
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ signal: 'SIGTERM' });
    expect(await supervise(['true'])).toMatchObject({ code: 0 });
    expect(site.requests).toEqual([]);
  });

  it('does not report again what the program has reported itself', async () => {
    const program = join(import.meta.dirname, 'hosts/with-init.mjs');
    expect(await supervise([NODE, '-C', '@fr/source', program])).toMatchObject({ code: 1 });
    await until(() => site.hits.length > 0, 'a hit');
    await settled();
    expect(site.hits.map(({ bucket }) => bucket.location)).toEqual([expect.stringContaining('checkout')]);
  });

  it('says when there is no such command', async () => {
    expect(await supervise(['no-such-command-here'])).toMatchObject({ code: 127, stdout: '' });
  });
});

function environment(): Record<string, string> {
  return {
    FR_SERVER: site.url,
    FR_KEY: site.token,
    FR_SPOOL_DIR: spool,
    FR_PROGRAM: 'job',
    FR_VERSION: '3',
  };
}

function supervise(command: readonly string[]): ReturnType<typeof runReporter> {
  return runReporter(['run', '--', ...command], environment());
}

async function settled(): Promise<void> {
  await until(() => spoolState(spool).waiting.length === 0, 'settled');
}

async function badChecks(env: Record<string, string>, folder = spool): Promise<readonly string[]> {
  const { code, stdout } = await runReporter(['doctor', '--json', '--spool', folder], env);
  expect(code).toBe(1);
  const { checks } = JSON.parse(stdout) as { checks: { check: string; ok: boolean }[] };
  return checks.filter(({ ok }) => !ok).map(({ check }) => check);
}
