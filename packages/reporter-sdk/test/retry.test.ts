import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRetryState } from '../src/spool/retry-state.ts';
import { runReporter, startReporter, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { leaveFailure, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

const HOUR_MS = 60 * 60 * 1000;

function environment(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token };
}

function launched(): ReturnType<typeof startReporter> {
  return startReporter(['deliver', '--no-wait', '--spool', spool], environment());
}

function byHand(): ReturnType<typeof runReporter> {
  return runReporter(['deliver', '--spool', spool], environment());
}

function leaveAloneFor(ms: number): void {
  const at = Date.now();
  const state = { server: site.url, failures: 3, at, notBefore: at + ms, why: 'it was down' };
  writeFileSync(join(spool, 'retry.json'), JSON.stringify(state));
}

describe('a server that asks to be left alone', () => {
  it('is, by the next launch too, until somebody delivers by hand', async () => {
    leaveFailure(spool);
    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(503, { 'retry-after': '3600' }).end();
      return true;
    };
    const first = await launched().ended;
    expect(first).toMatchObject({ code: 1, stdout: expect.stringContaining('503') });
    expect(site.requests).toHaveLength(1);
    const state = readRetryState({ folder: spool }, site.url);
    expect((state?.notBefore ?? 0) - (state?.at ?? 0)).toBeGreaterThanOrEqual(HOUR_MS);
    site.intercept = undefined;
    const next = await launched().ended;
    expect(next).toMatchObject({ code: 1, stdout: expect.stringContaining('left alone until') });
    expect(site.requests).toHaveLength(1);
    expect(await byHand()).toMatchObject({ code: 0 });
    expect(site.hits).toHaveLength(1);
    expect(readRetryState({ folder: spool }, site.url)).toBeUndefined();
  });

  it('is waited for by a launch that comes shortly before its time', async () => {
    leaveFailure(spool);
    leaveAloneFor(1_500);
    expect(await launched().ended).toMatchObject({ code: 0 });
    expect(spoolState(spool).waiting).toEqual([]);
  });

  it('is asked at once by hand even while a launched one waits', async () => {
    leaveFailure(spool);
    leaveAloneFor(30_000);
    const waiting = launched();
    await until(() => spoolLocked(), 'it waits');
    expect(await byHand()).toMatchObject({ code: 0, stdout: expect.stringContaining('1 settled') });
    expect(await waiting.ended).toMatchObject({ stdout: expect.stringContaining('left alone') });
  });

  it('is not the one that is configured now', async () => {
    leaveFailure(spool);
    leaveAloneFor(HOUR_MS);
    const { key } = site;
    await site.close();
    site = await startSite({ key });
    expect(await launched().ended).toMatchObject({ code: 0 });
    expect(site.hits).toHaveLength(1);
  });

  it('silences nobody whose clock was set back', async () => {
    leaveFailure(spool);
    const at = Date.now() + 24 * HOUR_MS;
    const state = { server: site.url, failures: 1, at, notBefore: at + 1, why: 'it was down' };
    writeFileSync(join(spool, 'retry.json'), JSON.stringify(state));
    expect(await launched().ended).toMatchObject({ code: 0 });
  });
});

function spoolLocked(): boolean {
  return existsSync(join(spool, 'reporter.lock'));
}
