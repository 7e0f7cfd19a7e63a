import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import type { RunMarker } from '../src/guard/run-marker.ts';
import { BUILT } from './support/built.ts';
import { isQuiet, processesOf } from './support/deaths.ts';
import {
  type Ended,
  HOSTS,
  NODE,
  REGISTER,
  run,
  runReporter,
  SLOW_PARENT,
  temporaryFolder,
  until,
} from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { namesIn } from './support/spooled.ts';

/** Process ids of its own and a /proc to match: all of a container that matters here. */
const CONTAINER = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
const possible = spawnSync('unshare', [...CONTAINER.slice(1), 'true']).status === 0;
const REPORTER = [NODE, join(BUILT, 'fr-reporter.js')];

function needContainers({ skip }: Pick<TestContext, 'skip'>): void {
  skip(!possible, 'unshare may not make process ids of its own here');
}

/** A program that asks the doctor from inside its container. */
const DOCTOR = `const { spawnSync } = require('node:child_process');
  spawnSync(process.execPath, [process.env.REPORTER, 'doctor', '--json'], { stdio: 'inherit' });`;

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

describe('a container', () => {
  it('that takes everything along is reported at its next start, once', async (test) => {
    needContainers(test);
    const killed = [NODE, '--require', REGISTER, join(HOSTS, 'deaths/abort.cjs')];
    await contained(killed);
    expect(namesIn(spool, 'runs').filter((name) => name.endsWith('.json'))).toHaveLength(1);
    const untilSettled = 'while ls "$0"/runs/*.json || ls "$0"/failures/*.json; do sleep 0.05; done';
    await contained([...REPORTER, 'run', '--', 'sh', '-c', untilSettled, spool]);
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toMatchObject([{ count: 1, bucket: { location: /^signal:/ } }]);
  });

  it('whose first process is fr-reporter run has its failures delivered before it is gone', async (test) => {
    needContainers(test);
    const program = [NODE, '--require', REGISTER, join(HOSTS, 'deaths/signal.cjs'), 'SIGSEGV'];
    await contained([...REPORTER, 'run', '--', ...program], { FR_EXIT_WAIT: '10s' });
    expect(site.hits).toMatchObject([{ count: 1, outcome: 'fatal', bucket: { location: 'signal:SIGSEGV' } }]);
    await until(() => isQuiet(spool), 'nothing left behind');
  });

  it('whose first process is the program itself may wait for its delivery', async (test) => {
    needContainers(test);
    const program = [NODE, '--require', REGISTER, join(HOSTS, 'undefined-property.cjs')];
    const ended = await contained(program, { FR_EXIT_WAIT: '10s' });
    expect(ended.code).toBe(1);
    expect(site.hits).toMatchObject([{ count: 1, outcome: 'fatal' }]);
  });

  it('is pointed out by the doctor', async (test) => {
    needContainers(test);
    const inside = await contained([NODE, '-e', DOCTOR], { REPORTER: REPORTER[1] ?? '' });
    expect(warningsIn(inside.stdout)).toContain('process 1');
    expect(warningsIn((await doctor(spool)).stdout)).not.toContain('process 1');
  });

  it('is pointed out by the doctor where its spool lies in memory', async ({ skip }) => {
    skip(!existsSync('/dev/shm'), 'there is no folder in memory here');
    const memory = mkdtempSync('/dev/shm/fr-reporter-test-');
    onTestFinished(() => rmSync(memory, { recursive: true, force: true }));
    const ended = await doctor(join(memory, 'spool'));
    expect(ended.code).toBe(0);
    expect(warningsIn(ended.stdout)).toContain('spool on a volume');
  });
});

describe('a service', () => {
  it('that is stopped as a whole leaves nothing running and nothing to report', async () => {
    const { host, guard, ended } = await service();
    process.kill(guard, 'SIGTERM');
    // A service may take its time: the guard waits for its end.
    expect(() => process.kill(guard, 0)).not.toThrow();
    process.kill(host, 'SIGTERM');
    await ended;
    await until(() => isQuiet(spool), 'nothing left behind');
    expect(site.requests).toEqual([]);
  });

  it('that crashes while it is being stopped starts nothing that a restart would wait for', async () => {
    const { host, guard, ended } = await service();
    process.kill(guard, 'SIGTERM');
    process.kill(host, 'SIGSEGV');
    await ended;
    await until(() => processesOf(spool).length === 0, 'all is over');
    expect(site.requests).toEqual([]);
    await run(['--require', REGISTER, join(HOSTS, 'deaths/nothing.cjs')], environment());
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toMatchObject([{ count: 1, bucket: { location: 'signal:SIGSEGV' } }]);
  });
});

/** Starts a program that runs until it is told not to, and its guard. */
async function service(): Promise<{ host: number; guard: number; ended: Promise<unknown> }> {
  const program = [NODE, '--require', REGISTER, join(HOSTS, 'deaths/service.cjs')];
  const parent = spawn(NODE, [SLOW_PARENT, spool, ...program], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(parent, 'exit');
  await once(parent.stdout, 'data');
  const [marker = ''] = namesIn(spool, 'runs');
  const { life, guard } = JSON.parse(readFileSync(join(spool, 'runs', marker), 'utf8')) as RunMarker;
  return { host: life.pid, guard: guard?.pid ?? 0, ended };
}

function environment(env: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool, ...env };
}

function contained(command: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const script = `const { spawnSync } = require('node:child_process');
    const [command, ...args] = process.argv.slice(1);
    const { status, signal } = spawnSync(command, args, { stdio: 'inherit' });
    process.exitCode = signal === null ? status : 128;`;
  return run(['-e', script, '--', ...CONTAINER, ...command], environment(env));
}

function doctor(folder: string): Promise<Ended> {
  return runReporter(['doctor', '--json', '--spool', folder], environment());
}

function warningsIn(stdout: string): readonly string[] {
  const { checks } = JSON.parse(stdout) as { checks: { check: string; warning?: true }[] };
  return checks.filter(({ warning }) => warning).map(({ check }) => check);
}
