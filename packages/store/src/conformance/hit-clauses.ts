import { strict as assert } from 'node:assert';
import { bucketId, problemId } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import type { Store } from '../contract/store.ts';
import { type Clause, clause } from './bench.ts';
import { AT, assertBalance, outcomeCount, sampleBucket, sampleHit } from './sample.ts';

/** What a store promises about counting. */
export const HIT_CLAUSES: readonly Clause[] = [
  clause('a hit is counted once per report id, in one call and in several', async ({ store }) => {
    const hit = sampleHit(sampleBucket('pay'), { count: 3 });
    const twice = await store.hits.record([hit, hit], AT);
    assert.deepEqual(twice, [
      { reportId: hit.reportId, result: 'counted' },
      { reportId: hit.reportId, result: 'duplicate' },
    ]);
    const again = await store.hits.record([hit], AT + 1);
    assert.deepEqual(again, [{ reportId: hit.reportId, result: 'duplicate' }]);
    assert.equal((await store.queries.bucket(bucketId(hit.bucket)))?.hits, 3);
  }),

  clause('a report id written another way is the same report', async ({ store }) => {
    const hit = sampleHit(sampleBucket('pay'));
    const shouted = { ...hit, reportId: hit.reportId.replaceAll('-', '').toUpperCase() };
    await store.hits.record([hit], AT);
    assert.equal((await store.hits.record([shouted], AT))[0]?.result, 'duplicate');
  }),

  clause('counts add up over many concurrent calls', async ({ store }) => {
    const buckets = ['a', 'b', 'c'].map((name) => sampleBucket(name));
    const calls = Array.from({ length: 60 }, (_, call) =>
      store.hits.record(
        buckets.map((bucket) => sampleHit(bucket, { count: 1 + (call % 3) })),
        AT,
      ),
    );
    await Promise.all(calls);
    for (const bucket of buckets) assert.equal((await store.queries.bucket(bucketId(bucket)))?.hits, 120);
    await assertBalance(store, 'hits', 180);
  }),

  clause('hits received are counted, duplicate or refused, and nothing else', async ({ store }) => {
    const good = sampleHit(sampleBucket('pay'));
    const nameless = sampleHit(sampleBucket('pay'), { reportId: '../../etc/passwd' });
    const huge = sampleHit(sampleBucket('pay'), { count: Number.MAX_SAFE_INTEGER });
    const empty = sampleHit(sampleBucket('pay'), { count: 0 });
    const results = await store.hits.record([good, good, nameless, huge, empty], AT);
    assert.deepEqual(
      results.map(({ result, reason }) => reason ?? result),
      ['counted', 'duplicate', 'malformed', 'overflow', 'malformed'],
    );
    await assertBalance(store, 'hits', 5);
    assert.equal(await outcomeCount(store, 'hits', 'refused', 'malformed'), 2);
    assert.equal((await store.queries.bucket(bucketId(good.bucket)))?.hits, 1);
  }),

  clause('a refused report may come again, corrected', async ({ store }) => {
    const hit = sampleHit(sampleBucket('pay'), { count: 0 });
    await store.hits.record([hit], AT);
    assert.equal((await store.hits.record([{ ...hit, count: 2 }], AT))[0]?.result, 'counted');
  }),

  clause('a report id is remembered for 45 days at least, whatever came meanwhile', async ({ store }) => {
    const day = 24 * 60 * 60 * 1_000;
    const hit = sampleHit(sampleBucket('pay'));
    await store.hits.record([hit], AT);
    await store.hits.record([sampleHit(sampleBucket('pay'))], AT + 44 * day);
    assert.equal((await store.hits.record([hit], AT + 45 * day))[0]?.result, 'duplicate');
  }),

  clause(
    'what reporters dropped is counted once per report, by reason, beside the equation',
    async (bench) => {
      const { store, reopen } = bench;
      const report = {
        reportId: uuidv7(),
        counts: [
          { reason: 'spool-full', count: 40 },
          { reason: 'too-old', count: 2 },
        ],
      } as const;
      assert.equal(await store.hits.recordDrops(report, AT), 'counted');
      assert.equal(await store.hits.recordDrops(report, AT + 1), 'duplicate');
      assert.equal(await store.hits.recordDrops({ ...report, reportId: '../x' }, AT), 'malformed');
      const opened = (await reopen?.()) ?? store;
      assert.equal(await opened.hits.recordDrops(report, AT + 2), 'duplicate');
      assert.equal(await outcomeCount(opened, 'hits', 'dropped', 'spool-full'), 40);
      assert.equal(await outcomeCount(opened, 'hits', 'dropped'), 42);
      await assertBalance(opened, 'hits', 0);
      assert.deepEqual((await opened.queries.buckets()).rows, []);
    },
  ),

  clause('what was acknowledged is in every answer at once, in its place', async ({ store }) => {
    const [rare, often] = [sampleBucket('rare'), sampleBucket('often')];
    await store.hits.record([sampleHit(rare), sampleHit(often, { count: 2 })], AT);
    assert.deepEqual(await orderOf(store), [often.location, rare.location]);
    await store.hits.changedSince(0, 10);
    const more = Array.from({ length: 3 }, () => sampleHit(rare));
    await store.hits.record(more, AT + 60_000);
    assert.deepEqual(await orderOf(store), [rare.location, often.location]);
    const first = await store.queries.buckets({ limit: 1 });
    const { rows } = await store.queries.buckets({ limit: 1, after: first.next ?? '' });
    assert.deepEqual([first.rows[0]?.hits, rows[0]?.hits], [4, 2]);
    const row = await store.queries.bucket(bucketId(rare));
    assert.deepEqual([row?.hits, row?.firstSeen, row?.lastSeen], [4, AT, AT + 60_000]);
    const problems = await store.queries.problems({ text: 'rare' });
    assert.deepEqual(
      problems.rows.map(({ hits, lastSeen }) => [hits, lastSeen]),
      [[4, AT + 60_000]],
    );
    await assertBalance(store, 'hits', 5);
  }),

  clause('history says when hits came, of a bucket and of its problem, in steps', async ({ store }) => {
    const [one, two] = [
      sampleBucket('pay', { programVersion: '1' }),
      sampleBucket('pay', { programVersion: '2' }),
    ];
    const day = 86_400_000;
    const start = Math.floor(AT / day) * day;
    await store.hits.record([sampleHit(one, { count: 2 })], start);
    await store.hits.changedSince(0, 10);
    await store.hits.record([sampleHit(one), sampleHit(one)], start + 59_999);
    await store.hits.record([sampleHit(two, { count: 5 })], start + 3_600_000);
    const at = { from: start, to: start + day } as const;
    const bucket = { ...at, bucketId: bucketId(one) };
    assert.deepEqual(await store.queries.history({ ...bucket, step: 'minute' }), [{ start, hits: 4 }]);
    const problem = { ...at, problemId: problemId(one) };
    assert.deepEqual(await store.queries.history({ ...problem, step: 'hour' }), [
      { start, hits: 4 },
      { start: start + 3_600_000, hits: 5 },
    ]);
    assert.deepEqual(await store.queries.history({ ...problem, step: 'day' }), [{ start, hits: 9 }]);
    assert.deepEqual(await store.queries.history({ ...problem, step: 'day', from: start + 1 }), []);
    assert.deepEqual(await store.queries.history({ ...problem, step: 'minute', to: start }), []);
  }),

  clause('history is kept in days when it is too old for minutes and hours', async ({ store }) => {
    const bucket = sampleBucket('pay');
    const day = 86_400_000;
    const start = Math.floor(AT / day) * day;
    for (const at of [0, 60_000, 3_600_000, 2 * day, 20 * day, 21 * day]) {
      await store.hits.record([sampleHit(bucket)], start + at);
      await store.hits.changedSince(0, 1);
    }
    const points = await store.queries.history({
      bucketId: bucketId(bucket),
      step: 'day',
      from: start,
      to: start + 30 * day,
    });
    assert.deepEqual(
      points.map((point) => [(point.start - start) / day, point.hits]),
      [
        [0, 3],
        [2, 1],
        [20, 1],
        [21, 1],
      ],
    );
  }),

  clause('what was counted and who counts outlive the process', async ({ store, reopen }) => {
    if (!reopen) return;
    const hit = sampleHit(sampleBucket('pay'));
    await store.hits.record([hit], AT);
    const origin = await store.identity.origin();
    const opened = await reopen();
    assert.equal((await opened.queries.bucket(bucketId(hit.bucket)))?.hits, 1);
    assert.deepEqual(await opened.identity.origin(), origin);
    assert.equal((await opened.hits.record([hit], AT + 1))[0]?.result, 'duplicate');
    await assertBalance(opened, 'hits', 2);
  }),
];

async function orderOf(store: Store): Promise<readonly string[]> {
  return (await store.queries.buckets()).rows.map(({ bucket }) => bucket.location);
}

/** What a store promises about totals on their way up. */
export const TOTAL_CLAUSES: readonly Clause[] = [
  clause('totals of an origin merge by max: repeats and reordering do no harm', async ({ store }) => {
    const origin = { id: uuidv7(), epoch: 7 };
    const bucket = sampleBucket('pay');
    const merge = async (hits: number) => (await store.hits.merge(origin, [{ bucket, hits }], AT))[0];
    assert.deepEqual(await merge(5), { bucketId: bucketId(bucket), hits: 5 });
    assert.equal((await merge(9))?.hits, 9);
    assert.equal((await merge(5))?.hits, 9);
    assert.equal((await merge(9))?.hits, 9);
    assert.equal((await store.queries.bucket(bucketId(bucket)))?.hits, 9);
  }),

  clause('totals of origins and epochs stand side by side', async ({ store }) => {
    const [one, two] = [uuidv7(), uuidv7()];
    const bucket = sampleBucket('pay');
    await store.hits.merge({ id: one, epoch: 1 }, [{ bucket, hits: 5 }], AT);
    await store.hits.merge({ id: two, epoch: 1 }, [{ bucket, hits: 4 }], AT);
    await store.hits.merge({ id: one, epoch: 2 }, [{ bucket, hits: 3 }], AT);
    await store.hits.record([sampleHit(bucket)], AT);
    assert.equal((await store.queries.bucket(bucketId(bucket)))?.hits, 13);
  }),

  clause('own buckets are listed by change, each once, in pages', async ({ store }) => {
    const [a, b, c] = [sampleBucket('a'), sampleBucket('b'), sampleBucket('c')];
    await store.hits.merge({ id: uuidv7(), epoch: 1 }, [{ bucket: sampleBucket('other'), hits: 1 }], AT);
    for (const bucket of [a, b, c, a]) await store.hits.record([sampleHit(bucket)], AT);
    const first = await store.hits.changedSince(0, 2);
    assert.deepEqual(first.totals, [
      { bucket: b, hits: 1 },
      { bucket: c, hits: 1 },
    ]);
    const second = await store.hits.changedSince(first.cursor, 2);
    assert.deepEqual(second.totals, [{ bucket: a, hits: 2 }]);
    const none = await store.hits.changedSince(second.cursor, 2);
    assert.deepEqual(none, { totals: [], cursor: second.cursor });
    await store.hits.record([sampleHit(b)], AT);
    assert.deepEqual((await store.hits.changedSince(none.cursor, 2)).totals, [{ bucket: b, hits: 2 }]);
  }),

  clause('a duplicate changes no total', async ({ store }) => {
    const hit = sampleHit(sampleBucket('pay'));
    await store.hits.record([hit], AT);
    const { cursor } = await store.hits.changedSince(0, 10);
    await store.hits.record([hit], AT);
    assert.deepEqual(await store.hits.changedSince(cursor, 10), { totals: [], cursor });
  }),

  clause('a new epoch counts from zero and takes nothing from what people see', async ({ store }) => {
    const bucket = sampleBucket('pay');
    await store.hits.record([sampleHit(bucket, { count: 4 })], AT);
    const before = await store.identity.origin();
    const after = await store.identity.openEpoch();
    assert.equal(after.id, before.id);
    assert.ok(after.epoch > before.epoch);
    assert.deepEqual(await store.identity.origin(), after);
    await store.hits.record([sampleHit(bucket)], AT);
    const { totals } = await store.hits.changedSince(0, 10);
    assert.deepEqual(totals, [{ bucket, hits: 1 }]);
    assert.equal((await store.queries.bucket(bucketId(bucket)))?.hits, 5);
    assert.deepEqual(await store.identity.epochs(), [before.epoch, after.epoch]);
    const closed = await store.hits.changedSince(0, 10, before.epoch);
    assert.deepEqual(closed.totals, [{ bucket, hits: 4 }]);
  }),

  clause('what others have counted is no epoch of this store', async ({ store }) => {
    const totals = [{ bucket: sampleBucket('pay'), hits: 3 }];
    await store.hits.merge({ id: uuidv7(), epoch: 7 }, totals, AT);
    assert.deepEqual(await store.identity.epochs(), []);
  }),
];
