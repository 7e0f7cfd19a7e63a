import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepConsentAnswer, readConsentAnswer } from '../src/spool/consent-answer.ts';
import { BUILT } from './support/built.ts';
import { HOSTS, NODE, runHost, runReporter, runWatched, temporaryFolder, until } from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';
import { leaveFailure, spoolState } from './support/spooled.ts';
import { needTool } from './support/tools.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  site.demands = (bucket) => [demandFor(bucket, ['stack', 'source-context'], site.key)];
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

function environment(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
}

/** A program that asks, and dies. */
async function crash(): Promise<void> {
  const env = { ...environment(), FR_CONSENT: 'ask', FR_GUARD: 'off' };
  await runWatched([join(HOSTS, 'undefined-property.mjs')], env);
}

/** The environment of a command that leaves it to the person. */
function asking(): Record<string, string> {
  return { FR_CONSENT: 'ask', FR_PROGRAM: 'job' };
}

function deliver(env: Record<string, string> = {}): ReturnType<typeof runReporter> {
  return runReporter(['deliver', '--spool', spool], { FR_KEY: site.token, ...env });
}

/** `fr-reporter` on a terminal where somebody types; gives what was to be seen there. */
async function onTerminal(
  command: string,
  typed: string,
  env: Record<string, string> = {},
  cue = /ask me later/,
): Promise<string> {
  const line = `'${NODE}' '${join(BUILT, 'fr-reporter.js')}' ${command}`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'dumb', ...environment(), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let seen = '';
  let asked = 0;
  const answers = typed.split('\n');
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    for (; asked < [...seen.matchAll(new RegExp(cue, 'g'))].length; asked++)
      child.stdin.write(`${answers[asked] ?? ''}\n`);
  });
  await new Promise((resolve) => child.on('close', resolve));
  return seen;
}

describe('a program that leaves it to the person at the machine', () => {
  it('has nothing at all sent before the answer, by whomever, and then what was allowed', async (test) => {
    needTool(test, 'script');
    await crash();
    const unanswered = await deliver();
    expect(unanswered).toMatchObject({ code: 1, stdout: expect.stringContaining('nobody has answered') });
    await deliver({ FR_CONSENT: 'ask' });
    expect(site.requests).toEqual([]);
    expect(spoolState(spool).waiting).toHaveLength(1);
    expect(await onTerminal('status', 'perhaps\nminimal')).toMatch(/one of off, count[\s\S]*1 waiting/);
    expect(readConsentAnswer({ folder: spool })).toBe('minimal');
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(site.hits).toHaveLength(1);
    expect(site.entries.map(({ header }) => header.parts.map(({ type }) => type))).toEqual([['stack']]);
    await crash();
    await until(() => site.hits.length === 2, 'the next is sent without a question');
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('is asked about at a terminal before fr-reporter runs a command again, which has its terminal to itself then', async (test) => {
    needTool(test, 'script');
    expect(await onTerminal(`run --spool '${spool}' -- sh -c 'exit 3'`, '', asking())).not.toContain(
      'ask me later',
    );
    await until(() => spoolState(spool).waiting.length === 1, 'noted');
    const command = `run --spool '${spool}' -- sh -c 'stty -a; read line; echo "heard $line"'`;
    const seen = await onTerminal(command, 'count\nhello', asking(), /ask me later|speed/);
    expect(seen).toMatch(/what may be sent: count[\s\S]* icanon [\s\S]*heard hello/);
    await until(() => site.hits.length === 1, 'delivered');
    const again = await onTerminal(`run --spool '${spool}' -- sh -c 'echo up'`, '', asking());
    expect(again).toBe('up\r\n');
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('is not answered for by an empty line, by a pipe or by JSON', async (test) => {
    needTool(test, 'script');
    await crash();
    expect(await onTerminal('status', '')).toContain('nobody has answered');
    expect((await runReporter(['status', '--spool', spool])).stdout).not.toContain('ask me later');
    expect(await onTerminal('status --json', '')).not.toContain('ask me later');
    expect(readConsentAnswer({ folder: spool })).toBe('open');
  });

  it('keeps silent for good after a no, of which not even a number is sent', async () => {
    await crash();
    const ended = await runReporter(['consent', 'off', '--spool', spool]);
    expect(ended).toMatchObject({ code: 0, stdout: 'what may be sent: off; 0 waiting\n' });
    expect(spoolState(spool).receipts).toMatchObject([{ hit: 'withdrawn' }]);
    await crash();
    await deliver();
    expect(site.requests).toEqual([]);
    expect(spoolState(spool).waiting).toEqual([]);
  });

  it('has what waits taken out by whoever delivers next, where a no was kept and not yet acted on', async () => {
    await crash();
    leaveFailure(spool);
    keepConsentAnswer({ folder: spool }, 'off', Date.now());
    expect(await deliver({ FR_CONSENT: 'ask' })).toMatchObject({ code: 0 });
    expect(spoolState(spool).receipts).toMatchObject([{ hit: 'withdrawn' }, { hit: 'withdrawn' }]);
    expect(site.requests).toEqual([]);
  });

  it('may be asked by the program in its own way, when something waits', async () => {
    const asked = join(temporaryFolder(), 'asked');
    const host = (env: Record<string, string>): ReturnType<typeof runHost> =>
      runHost('asks.mjs', { ...environment(), FR_GUARD: 'off', ASKED: asked, ...env });
    const bare = await runHost('asks.mjs', { FR_DISABLED: '1' });
    expect(bare.code).toBe(1);
    expect(await host({ ANSWER: 'minimal' })).toEqual(bare);
    // Nothing waited yet, so nobody was asked.
    expect(existsSync(asked)).toBe(false);
    for (const ANSWER of ['throws', 'perhaps']) {
      expect(await host({ ANSWER, WAITING: '1' })).toEqual(bare);
      expect(readConsentAnswer({ folder: spool })).toBe('open');
    }
    expect(site.requests).toEqual([]);
    expect(await host({ ANSWER: 'minimal', WAITING: '1' })).toEqual(bare);
    const questions = readFileSync(asked, 'utf8').trim().split('\n');
    expect(questions.map((question) => JSON.parse(question))).toMatchObject([
      {
        program: '@fr/reporter-sdk',
        server: site.url,
        waiting: 1,
        levels: [{ level: 'off' }, { level: 'count' }, { level: 'minimal' }, {}, { level: 'full' }],
      },
      { waiting: 2 },
      { waiting: 3 },
    ]);
    await until(() => spoolState(spool).waiting.length === 0, 'all four delivered');
    expect([...site.counts().values()]).toEqual([4]);
    expect(site.entries.flatMap(({ header }) => header.parts.map(({ type }) => type))).toContain('stack');
  });

  it('may be answered without a terminal, and asked what it was answered', async () => {
    await crash();
    expect((await runReporter(['consent', '--spool', spool])).stdout).toContain('nobody has answered');
    await runReporter(['consent', 'count', '--spool', spool]);
    await deliver();
    expect(site.hits).toHaveLength(1);
    expect(site.entries).toEqual([]);
    const wrong = await runReporter(['consent', 'all', '--spool', spool]);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('"all" is no level') });
  });
});
