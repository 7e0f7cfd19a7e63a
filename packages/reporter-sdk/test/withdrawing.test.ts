import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReceipt } from '../src/spool/receipts.ts';
import { runReporter, startReporter, temporaryFolder, until } from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

function deliver(): ReturnType<typeof runReporter> {
  return runReporter(['deliver', '--spool', spool], { FR_SERVER: site.url, FR_KEY: site.token });
}

function withdraw(reportId: string): ReturnType<typeof runReporter> {
  return runReporter(['withdraw', reportId, '--spool', spool]);
}

describe('fr-reporter withdraw', () => {
  it('takes a failure out before anything of it is sent; only that there was one is counted', async () => {
    const { reportId } = leaveFailure(spool, { count: 4 });
    const other = leaveFailure(spool);
    const ended = await withdraw(reportId);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing was sent') });
    expect(spoolState(spool)).toMatchObject({
      waiting: [other.reportId],
      receipts: [{ reportId, hit: 'withdrawn', server: '' }],
    });
    await deliver();
    expect(site.hits.map((hit) => hit.reportId)).toEqual([other.reportId]);
    expect(site.drops).toEqual({ withdrawn: 4 });
  });

  it('says of a failure that was sent when, where to and what', async () => {
    const facts = leaveFailure(spool);
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    await deliver();
    const ended = await withdraw(facts.reportId);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(
      new RegExp(`cannot be withdrawn: .*${site.url}: hit counted; stack \\(\\d+ bytes\\)`),
    );
    expect(await withdraw('01a204d2-8bf6-77c8-89a8-d8a7b01c614d')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('nothing waits under'),
    });
  });

  it('keeps back the entry of a failure whose hit was counted', async () => {
    const facts = leaveFailure(spool);
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    site.intercept = (request, response) => {
      if (request.method !== 'PUT') return false;
      request.resume();
      response.writeHead(503, { 'retry-after': '3600' }).end();
      return true;
    };
    expect(await deliver()).toMatchObject({ code: 1 });
    site.intercept = undefined;
    expect(await withdraw(facts.reportId)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/hit counted; stack \(\d+ bytes\) withheld/),
    });
    await deliver();
    expect(site.entries).toEqual([]);
    expect(site.drops).toEqual({});
  });

  it('says where an unanswered attempt may have been counted', async () => {
    const { reportId } = leaveFailure(spool, { tried: true });
    const ended = await withdraw(reportId);
    expect(ended.stdout).toContain('may have counted');
  });

  it('is faster than a launched fr-reporter that waits for its time', async () => {
    const { reportId } = leaveFailure(spool);
    const env = { FR_SERVER: site.url, FR_KEY: site.token };
    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(503, { 'retry-after': '30' }).end();
      return true;
    };
    await startReporter(['deliver', '--no-wait', '--spool', spool], env).ended;
    site.intercept = undefined;
    const waiting = startReporter(['deliver', '--no-wait', '--spool', spool], env);
    await until(() => existsSync(join(spool, 'reporter.lock')), 'it waits');
    const ended = await runReporter(['withdraw', reportId, '--spool', spool], env);
    expect(ended.code).toBe(0);
    await waiting.ended;
    expect(site.hits).toEqual([]);
    expect(existsSync(join(spool, 'retry.json'))).toBe(true);
  });

  it('is finished by the next delivery when it is killed on the way', async () => {
    const facts = leaveFailure(spool, { count: 3 });
    writeReceipt(
      { folder: spool },
      {
        reportId: facts.reportId,
        bucketId: '',
        bucketKey: '',
        at: facts.at,
        settledAt: facts.at,
        count: 3,
        outcome: 'fatal',
        server: '',
        hit: 'withdrawn',
        notSent: [],
      },
    );
    await deliver();
    expect(site.hits).toEqual([]);
    expect(site.drops).toEqual({ withdrawn: 3 });
    expect(spoolState(spool).waiting).toEqual([]);
  });
});
