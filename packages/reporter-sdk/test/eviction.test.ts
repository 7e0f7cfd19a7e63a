import { uuidv7 } from '@fr/protocol/ids';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EvictionPlan, planEviction, type WaitingFailure } from '../src/spool/eviction.ts';

const NOW = 1_760_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const ROOMY = { failures: 100, bytes: 1_000_000, ageMs: 30 * DAY_MS };

let made = 0;
function failure(changes: Partial<WaitingFailure> = {}): WaitingFailure {
  made += 1;
  return {
    reportId: uuidv7({ now: () => NOW }),
    bucketId: 'one',
    outcome: 'handled',
    consent: 'standard',
    count: 1,
    at: NOW - 100_000 + made,
    bytes: 1_000,
    partBytes: 0,
    fixed: false,
    ...changes,
  };
}

const anyFailure: fc.Arbitrary<WaitingFailure> = fc
  .record({
    bucketId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    outcome: fc.constantFrom('fatal', 'survived', 'handled', 'unknown'),
    consent: fc.constantFrom('standard', 'count'),
    count: fc.integer({ min: 1, max: 1_000 }),
    at: fc.integer({ min: NOW - 40 * DAY_MS, max: NOW }),
    bytes: fc.integer({ min: 1, max: 5_000 }),
    partBytes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
    fixed: fc.boolean(),
  })
  .map((changes) => failure(changes));

const anySpool = fc.record({
  waiting: fc.array(anyFailure, { maxLength: 60 }),
  limits: fc.record({
    failures: fc.integer({ min: 1, max: 40 }),
    bytes: fc.integer({ min: 1, max: 300_000 }),
    ageMs: fc.constant(30 * DAY_MS),
  }),
});

function left(waiting: readonly WaitingFailure[], plan: EvictionPlan): readonly WaitingFailure[] {
  const gone = new Set([...plan.folded, ...plan.evicted.map(({ reportId }) => reportId)]);
  const counts = new Map(plan.grown.map(({ reportId, count }) => [reportId, count]));
  const stripped = new Set(plan.stripped);
  return waiting
    .filter(({ reportId }) => !gone.has(reportId))
    .map((each) => ({
      ...each,
      count: counts.get(each.reportId) ?? each.count,
      partBytes: stripped.has(each.reportId) ? 0 : each.partBytes,
    }));
}

function occurrences(failures: readonly { readonly count: number }[]): number {
  return failures.reduce((sum, { count }) => sum + count, 0);
}

function bytes(failures: readonly WaitingFailure[]): number {
  return failures.reduce((sum, each) => sum + each.bytes + each.partBytes, 0);
}

describe('a spool that is too full', () => {
  it('keeps every occurrence as one that waits or one that was given up', () => {
    fc.assert(
      fc.property(anySpool, ({ waiting, limits }) => {
        const plan = planEviction(waiting, NOW, limits);
        expect(occurrences(left(waiting, plan)) + occurrences(plan.evicted)).toBe(occurrences(waiting));
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends within its bounds, or with nothing left that may go', () => {
    fc.assert(
      fc.property(anySpool, ({ waiting, limits }) => {
        const rest = left(waiting, planEviction(waiting, NOW, limits));
        const fits = rest.length <= limits.failures && bytes(rest) <= limits.bytes;
        expect(fits || rest.every(({ fixed }) => fixed)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing that was tried', () => {
    fc.assert(
      fc.property(anySpool, ({ waiting, limits }) => {
        const rest = left(waiting, planEviction(waiting, NOW, limits));
        for (const each of waiting.filter(({ fixed }) => fixed)) expect(rest).toContainEqual(each);
      }),
    );
  });

  it('never gives up the only failure of a bucket while another has several that may go', () => {
    fc.assert(
      fc.property(anySpool, ({ waiting, limits }) => {
        const plan = planEviction(waiting, NOW, limits);
        const rest = left(waiting, plan);
        const young = waiting.filter(({ at, fixed }) => fixed || at >= NOW - limits.ageMs);
        const emptied = young.some(({ bucketId }) => !rest.some((each) => each.bucketId === bucketId));
        const several = [...Map.groupBy(rest, ({ bucketId }) => bucketId).values()].some(
          (each) => each.length > 1 && each.some(({ fixed }) => !fixed),
        );
        expect(emptied && several).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('adds counts up only within one bucket, outcome and consent', () => {
    fc.assert(
      fc.property(anySpool, ({ waiting, limits }) => {
        const plan = planEviction(waiting, NOW, limits);
        fc.pre(plan.evicted.length === 0);
        const sums = (failures: readonly WaitingFailure[]): Map<string, number> => {
          const byKind = Map.groupBy(failures, (each) => `${each.bucketId} ${each.outcome} ${each.consent}`);
          return new Map([...byKind].map(([kind, each]) => [kind, occurrences(each)]));
        };
        expect(sums(left(waiting, plan))).toEqual(sums(waiting));
      }),
    );
  });

  it('folds repetitions before it loses anything, oldest first, into the one with information beside it', () => {
    const [first, second, third] = [failure(), failure({ partBytes: 10 }), failure({ count: 5 })];
    const other = failure({ bucketId: 'two' });
    const plan = planEviction([first, second, third, other], NOW, { ...ROOMY, failures: 3 });
    expect(plan).toEqual({
      grown: [{ reportId: second.reportId, count: 7 }],
      folded: [first.reportId, third.reportId],
      stripped: [],
      evicted: [],
    });
  });

  it('gives up information before failures where bytes are short, and the largest first', () => {
    const [small, large] = [
      failure({ partBytes: 2_000, outcome: 'fatal' }),
      failure({ partBytes: 90_000, outcome: 'survived' }),
    ];
    const alone = failure({ bucketId: 'two', partBytes: 95_000 });
    const limits = { ...ROOMY, bytes: 110_000 };
    expect(planEviction([small, large, alone], NOW, limits)).toMatchObject({
      stripped: [large.reportId],
      evicted: [],
    });
  });

  it('gives up what is handled before what was fatal, and says why', () => {
    const buckets = ['a', 'b', 'c'] as const;
    const [fatal, handled, often] = [
      failure({ bucketId: buckets[0], outcome: 'fatal' }),
      failure({ bucketId: buckets[1] }),
      failure({ bucketId: buckets[2], count: 40, at: NOW - DAY_MS }),
    ];
    const old = failure({ bucketId: 'd', at: NOW - 31 * DAY_MS, count: 9 });
    const plan = planEviction([fatal, handled, often, old], NOW, { ...ROOMY, failures: 2 });
    expect(plan.evicted).toEqual([
      { reportId: old.reportId, count: 9, why: 'too-old' },
      { reportId: handled.reportId, count: 1, why: 'too-many' },
    ]);
  });
});
