import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishEviction, trim } from '../src/reporter/trimming.ts';
import { countDrop, openDropReport, readDrops, settleDropReport } from '../src/spool/drops.ts';
import { readFailure } from '../src/spool/spool.ts';
import { runReporter, startReporter, temporaryFolder } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { leaveFailure, namesIn, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const SMALL = { failures: 3, bytes: 1024 * 1024, ageMs: 30 * DAY_MS };

function deliver(): ReturnType<typeof runReporter> {
  return runReporter(['deliver', '--spool', spool], { FR_SERVER: site.url, FR_KEY: site.token });
}

/** Facts of another bucket than usual. */
function exit(exitCode: number) {
  return { kind: 'exit', exitCode, program: 'till', programVersion: '2.0.1' } as const;
}

function counted(): number {
  return [...site.counts().values()].reduce((sum, count) => sum + count, 0);
}

describe('a spool with more in it than it may hold', () => {
  it('delivers every occurrence as a hit or as a drop with its reason', async () => {
    for (let count = 1; count <= 6; count++) leaveFailure(spool, { count, outcome: 'handled' });
    for (const code of [3, 4, 5]) leaveFailure(spool, { failure: exit(code), count: 10 * code });
    leaveFailure(spool, { at: Date.now() - 31 * DAY_MS, count: 1_000 });
    trim({ folder: spool }, Date.now(), SMALL);
    expect(spoolState(spool).waiting).toHaveLength(3);
    expect(await deliver()).toMatchObject({ code: 0 });
    expect(site.drops).toEqual({ 'too-old': 1_000, 'spool-full': 21 });
    expect(counted()).toBe(30 + 40 + 50);
    expect(namesIn(spool, 'failures')).toEqual([]);
  });

  it('folds what is alike and sends it as one hit, but not into what was tried', async () => {
    const tried = leaveFailure(spool, { tried: true, outcome: 'handled' });
    const kept = leaveFailure(spool, { outcome: 'handled' });
    for (const count of [2, 3, 4]) leaveFailure(spool, { outcome: 'handled', count });
    trim({ folder: spool }, Date.now(), SMALL);
    await deliver();
    expect(site.drops).toEqual({});
    expect(site.hits.map(({ reportId, count }) => ({ reportId, count }))).toEqual([
      { reportId: tried.reportId, count: 1 },
      { reportId: kept.reportId, count: 10 },
    ]);
  });

  it('comes to the same end when it is killed at any point of making room', () => {
    const folder = spool;
    const steps = ['grown', 'removed one', 'removed all', 'counted'] as const;
    for (const killedAfter of steps) {
      const [into, from, lost] = [
        leaveFailure(folder, { count: 2 }),
        leaveFailure(folder, { count: 3 }),
        leaveFailure(folder, { failure: exit(7), count: 5 }),
      ];
      const before = readDrops({ folder })['spool-full'] ?? 0;
      const plan = {
        id: `plan-${killedAfter}`,
        grown: [{ reportId: into.reportId, count: 5 }],
        folded: [from.reportId],
        stripped: [],
        evicted: [{ reportId: lost.reportId, count: 5, why: 'too-many' }],
      };
      const write = (content: object): void =>
        writeFileSync(join(folder, 'eviction.json'), JSON.stringify({ ...plan, ...content }));
      const part = steps.indexOf(killedAfter);
      // What a killed one has done by then, done by a plan that says no more than that.
      write({ folded: part > 0 ? plan.folded : [], evicted: part > 1 ? plan.evicted : [] });
      finishEviction({ folder }, Date.now());
      write({});
      finishEviction({ folder }, Date.now());
      expect(readFailure({ folder }, into.reportId)).toMatchObject({ count: 5 });
      expect(spoolState(folder).waiting).not.toContain(from.reportId);
      expect(spoolState(folder).waiting).not.toContain(lost.reportId);
      expect(readDrops({ folder })['spool-full']).toBe(before + 5);
    }
  });

  it('is made room in by fr-reporter itself, before it asks the server anything', async () => {
    const facts = leaveFailure(spool, { outcome: 'handled' });
    const written = 1_040;
    for (let copy = 1; copy < written; copy++) {
      // `a…` is no number of a copy, whatever the original's id ends with.
      const reportId = `${facts.reportId.slice(0, -5)}a${String(copy).padStart(4, '0')}`;
      writeFileSync(join(spool, 'failures', `${reportId}.json`), JSON.stringify({ ...facts, reportId }));
    }
    site.intercept = (request, response) => {
      request.resume();
      response.writeHead(404).end();
      return true;
    };
    expect(await deliver()).toMatchObject({ code: 1 });
    const { waiting, drops } = spoolState(spool);
    expect(waiting).toHaveLength(900);
    expect(drops).toEqual({});
    const counts = waiting.map((id) => {
      const each = readFailure({ folder: spool }, id);
      return typeof each === 'object' ? each.count : 0;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(written);
  });
});

describe('what was dropped', () => {
  it('is told once, however often the telling is cut off', async () => {
    mkdirSync(spool, { mode: 0o700 });
    countDrop({ folder: spool }, 'unwritable', 7, Date.now());
    let reporter: ReturnType<typeof startReporter> | undefined;
    site.intercept = (_, response) => {
      response.end = () => {
        reporter?.kill('SIGKILL');
        return response;
      };
      return false;
    };
    const env = { FR_SERVER: site.url, FR_KEY: site.token };
    reporter = startReporter(['deliver', '--spool', spool], env);
    expect(await reporter.ended).toMatchObject({ signal: 'SIGKILL' });
    site.intercept = undefined;
    countDrop({ folder: spool }, 'spool-full', 2, Date.now());
    await deliver();
    await deliver();
    expect(site.drops).toEqual({ unwritable: 7, 'spool-full': 2 });
    await deliver();
    expect(site.requests).toHaveLength(3);
    expect(spoolState(spool).drops).toEqual({ unwritable: 7, 'spool-full': 2 });
  });

  it('adds up whatever the order of losses, tellings and lost answers', () => {
    const step = fc.oneof(
      fc.record({
        lose: fc.constantFrom('spool-full', 'unwritable', 'refused'),
        count: fc.integer({ min: 1, max: 9 }),
        day: fc.integer({ min: 0, max: 6 }),
      }),
      fc.constantFrom('told', 'told without an answer'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const folder = join(temporaryFolder(), 'spool');
        mkdirSync(folder, { mode: 0o700 });
        const told = new Map<string, number>();
        let [lost, ids] = [0, 0];
        const tell = (answered: boolean): void => {
          ids += 1;
          const report = openDropReport({ folder }, () => `report-${ids}`);
          if (!report) return;
          told.set(
            report.reportId,
            report.counts.reduce((sum, { count }) => sum + count, 0),
          );
          if (answered) settleDropReport({ folder }, report.reportId, 20 * DAY_MS);
        };
        for (const each of steps) {
          if (typeof each === 'string') tell(each === 'told');
          else {
            countDrop({ folder }, each.lose as 'unwritable', each.count, each.day * DAY_MS);
            if (each.lose !== 'refused') lost += each.count;
          }
        }
        tell(true);
        tell(true);
        expect([...told.values()].reduce((sum, count) => sum + count, 0)).toBe(lost);
        const all = readDrops({ folder });
        expect((all['spool-full'] ?? 0) + (all.unwritable ?? 0)).toBe(lost);
      }),
      { numRuns: 60 },
    );
  });

  it('is not told again where the site itself has refused it', async () => {
    const { reportId } = leaveFailure(spool, { failure: exit(9) });
    site.intercept = (request, response) => {
      request.resume();
      const results = [{ reportId, result: 'refused', reason: 'no' }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ results, demands: [], key: site.key.publicKey }));
      return true;
    };
    await deliver();
    expect(site.requests).toHaveLength(1);
    expect(spoolState(spool).drops).toEqual({ refused: 1 });
  });
});
