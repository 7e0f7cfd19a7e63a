import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isQuiet } from './support/deaths.ts';
import { HOSTS, REGISTER, run, start, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { spoolState } from './support/spooled.ts';

const HOST = join(HOSTS, 'hangs/hang.cjs');

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

function env(hang: string): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool, FR_HANG: hang };
}

describe('a hang', () => {
  it('is reported once, with what the program was at, and the program is none the wiser', async () => {
    const bare = await run(['--require', REGISTER, HOST, 'reckons', '2500'], {});
    const watched = await run(['--require', REGISTER, HOST, 'reckons', '2500'], env('500ms'));
    expect(watched).toEqual(bare);
    expect(bare).toMatchObject({ code: 0, stdout: 'begins\nwent on\n', stderr: '' });
    await until(() => site.hits.length > 0 && spoolState(spool).waiting.length === 0, 'settled');
    expect(site.hits).toHaveLength(1);
    expect(site.hits[0]?.bucket.location).toMatch(/^hang:.*#reckon/);
  });

  it('is reported while it lasts', async () => {
    const host = start(['--require', REGISTER, HOST, 'forever'], env('500ms'));
    onTestFinished(() => host.kill('SIGKILL'));
    await until(() => site.hits.length === 1, 'the hang');
    expect(site.hits[0]?.bucket.location).toMatch(/^hang:.*#reckon/);
    host.kill('SIGKILL');
    await host.ended;
    // Whether the guard can see such an end depends on who is quicker: see deaths.
    await until(() => isQuiet(spool), 'its end');
  });

  it('in native code is reported without a stack', async () => {
    await run(['--require', REGISTER, HOST, 'waits', '4000'], env('500ms'));
    await until(() => site.hits.length === 1 && spoolState(spool).waiting.length === 0, 'settled');
    expect(site.hits[0]?.bucket.location).toMatch(/^hang:/);
  });

  it('is not what a program does that waits, was stopped for a while, or hangs for less', async () => {
    const host = start(['--require', REGISTER, HOST, 'idles', '3500'], env('1s'));
    onTestFinished(() => host.kill('SIGKILL'));
    await new Promise((resolve) => setTimeout(resolve, 800));
    host.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    host.kill('SIGCONT');
    expect(await host.ended).toMatchObject({ code: 0, stdout: 'begins\nwent on\n', stderr: '' });
    await run(['--require', REGISTER, HOST, 'reckons', '700'], env('60s'));
    await run(['--require', REGISTER, HOST, 'reckons', '700'], env('soon'));
    await until(() => spoolState(spool).waiting.length === 0, 'nothing waits');
    expect(site.hits).toEqual([]);
  });
});
