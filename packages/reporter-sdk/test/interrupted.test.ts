import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUILT } from './support/built.ts';
import { type Ended, HOSTS, run, runReporter, temporaryFolder } from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, namesIn, spoolState } from './support/spooled.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let site: Site;
let folder: string;
beforeEach(async () => {
  site = await startSite();
  folder = temporaryFolder();
});
afterEach(() => site.close());

function delivers(spool: string, preload: string, env: Record<string, string>): Promise<Ended> {
  const reporter = join(BUILT, 'fr-reporter.js');
  const args = ['--require', join(HOSTS, 'preloads', preload), reporter, 'deliver', '--spool', spool];
  return run(args, { FR_SERVER: site.url, FR_KEY: site.token, ...env });
}

it('counts and brings a failure once, whichever change to its disk the reporter is killed before', async () => {
  for (let step = 1, killed = true; killed; step++) {
    const spool = join(folder, `step-${step}`);
    const facts = leaveFailure(spool);
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    const { signal } = await delivers(spool, 'kill-at.cjs', { STEP: String(step) });
    killed = signal === 'SIGKILL';
    if (!killed) expect(step).toBeGreaterThan(20);
    const env = { FR_SERVER: site.url, FR_KEY: site.token };
    expect(await runReporter(['deliver', '--spool', spool], env)).toMatchObject({ code: 0, stderr: '' });
    const mine = ({ header }: (typeof site.entries)[number]): boolean => header.reportId === facts.reportId;
    expect([
      step,
      site.hits.filter(({ reportId }) => reportId === facts.reportId).length,
      site.entries.filter(mine).length,
      spoolState(spool).receipts.map(({ entry }) => entry?.types),
      spoolState(spool).drops,
      namesIn(spool, 'failures'),
    ]).toEqual([step, 1, 1, [['stack']], {}, []]);
  }
}, 300_000);

it.each([
  ['ahead', 5 * DAY_MS, ['expired']],
  ['behind', -5 * DAY_MS, []],
])(
  'loses nothing to a clock that is five days %s, nor when it is set right again',
  async (_way, off, why) => {
    const spool = join(folder, 'spool');
    const facts = leaveFailure(spool, { at: Date.now() + off });
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    expect(await delivers(spool, 'clock.cjs', { CLOCK: String(off) })).toMatchObject({ code: 0, stderr: '' });
    expect(site.hits).toHaveLength(1);
    expect(spoolState(spool).receipts[0]?.notSent.map((not) => not.why)).toEqual(why);
    await site.close();
    leaveFailure(spool, { at: Date.now() + off });
    expect((await delivers(spool, 'clock.cjs', { CLOCK: String(off) })).code).toBe(1);
    site = await startSite({ port: site.port, key: site.key });
    site.demands = () => [demandFor(bucketOfFacts(facts), ['stack'], site.key)];
    const env = { FR_SERVER: site.url, FR_KEY: site.token };
    expect(await runReporter(['deliver', '--no-wait', '--spool', spool], env)).toMatchObject({ code: 0 });
    expect(site.entries).toHaveLength(1);
    expect([spoolState(spool).waiting, spoolState(spool).drops]).toEqual([[], {}]);
  },
);
