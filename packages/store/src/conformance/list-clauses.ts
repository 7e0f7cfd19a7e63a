import { strict as assert } from 'node:assert';
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import type { Page, RowFilter } from '../contract/queries.ts';
import type { Store } from '../contract/store.ts';
import { type Clause, clause } from './bench.ts';
import { AT, addSample, sampleBucket, sampleHit, sampleReceipt } from './sample.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const OLD = sampleBucket('pay', { programVersion: '1.0.0' });
const NEW = sampleBucket('pay', { programVersion: '2.0.0' });
const SHIP = sampleBucket('ship', { module: 'carrier' });
const BANK = sampleBucket('book', { program: 'bank', programVersion: '2.0.0' });

/** Hits an hour apart; an entry of OLD that was uploaded, two of SHIP that were not. */
async function fourBuckets(store: Store): Promise<void> {
  const counts: readonly (readonly [Bucket, number])[] = [
    [OLD, 8],
    [NEW, 2],
    [SHIP, 4],
    [BANK, 1],
  ];
  for (const [place, [bucket, count]] of counts.entries())
    await store.hits.record([sampleHit(bucket, { count })], AT + place * HOUR);
  await store.hits.record([sampleHit(OLD)], AT + 9 * HOUR);
  const { header } = await addSample(store, OLD, undefined, AT + 5);
  await store.entries.mark(header.entryId, sampleReceipt());
  for (const at of [AT + 6, AT + 7]) await addSample(store, SHIP, undefined, at);
}

/** However a driver puts off its work: what was acknowledged is found before and after. */
async function beforeAndAfter(store: Store, check: () => Promise<void>): Promise<void> {
  await check();
  await store.hits.changedSince(0, 1);
  await check();
}

async function everyPage<Row>(
  list: (filter: RowFilter) => Promise<Page<Row>>,
  filter: RowFilter,
): Promise<readonly Row[]> {
  let page = await list(filter);
  const rows = [...page.rows];
  while (page.next !== undefined) {
    page = await list({ ...filter, after: page.next });
    rows.push(...page.rows);
  }
  return rows;
}

/** Filters with the buckets that fit, most hits first. */
const FILTERS: readonly (readonly [RowFilter, readonly Bucket[]])[] = [
  [{ programVersion: '2.0.0' }, [NEW, BANK]],
  [{ programVersion: '2.0.0', program: 'bank' }, [BANK]],
  [{ programVersion: '3.0.0' }, []],
  [{ module: 'carrier' }, [SHIP]],
  [{ module: 'shop' }, [OLD, NEW, BANK]],
  [{ module: 'carrier', program: 'bank' }, []],
  [{ state: 'counted' }, [NEW, BANK]],
  [{ state: 'pending' }, [SHIP]],
  [{ state: 'uploaded' }, [OLD]],
  [{ hits: { from: 2, before: 9 } }, [SHIP, NEW]],
  [{ hits: { from: 9 } }, [OLD]],
  [{ firstSeen: { from: AT + HOUR, before: AT + 3 * HOUR } }, [SHIP, NEW]],
  [{ lastSeen: { from: AT + 2 * HOUR } }, [OLD, SHIP, BANK]],
  [{ lastSeen: { before: AT + 2 * HOUR } }, [NEW]],
  [{ lastSeen: { from: AT + HOUR, before: AT + HOUR + 1 } }, [NEW]],
  [{ text: 'PAY.TS' }, [OLD, NEW]],
  [{ text: 'typeerror sh', module: 'carrier' }, [SHIP]],
  [{ text: 'ook bank' }, [BANK]],
  [{ text: 'yp' }, [OLD, SHIP, NEW, BANK]],
  [{ text: '"pay' }, []],
  [{ text: 'pay.ts', programVersion: '2.0.0', hits: { before: 3 }, state: 'counted' }, [NEW]],
];

/** What a store promises to those who look for something. */
export const LIST_CLAUSES: readonly Clause[] = [
  clause('buckets are found by version, module, text, state, count and times', async ({ store }) => {
    await fourBuckets(store);
    await beforeAndAfter(store, async () => {
      for (const [filter, expected] of FILTERS)
        for (const order of ['hits', 'first-seen', 'last-seen'] as const) {
          const found = await everyPage((one) => store.queries.buckets(one), { ...filter, order, limit: 1 });
          const ids = found.map((row) => row.bucketId);
          const wanted = expected.map(bucketId);
          if (order === 'hits') assert.deepEqual(ids, wanted, JSON.stringify(filter));
          else assert.deepEqual(ids.toSorted(), wanted.toSorted(), JSON.stringify({ ...filter, order }));
        }
    });
  }),

  clause('problems are found by what they are as a whole, or by one of their buckets', async ({ store }) => {
    await fourBuckets(store);
    const filters: readonly (readonly [RowFilter, readonly Bucket[]])[] = [
      [{ programVersion: '2.0.0' }, [NEW, BANK]],
      [{ programVersion: '1.0.0' }, [OLD, SHIP]],
      [{ module: 'shop', program: 'shop' }, [OLD]],
      [{ bucketId: bucketId(NEW) }, [OLD]],
      [{ hits: { from: 11 } }, [OLD]],
      [{ hits: { before: 11 } }, [SHIP, BANK]],
      [{ state: 'counted' }, [BANK]],
      [{ state: 'uploaded', programVersion: '2.0.0' }, [OLD]],
      [{ lastSeen: { from: AT + 9 * HOUR } }, [OLD]],
      [{ firstSeen: { from: AT + 2 * HOUR } }, [SHIP, BANK]],
      [{ text: 'carrier' }, [SHIP]],
    ];
    await beforeAndAfter(store, async () => {
      for (const [filter, expected] of filters) {
        const found = await everyPage((one) => store.queries.problems(one), filter);
        const ids = found.map((row) => row.problemId);
        assert.deepEqual(ids, expected.map(problemId), JSON.stringify(filter));
      }
    });
  }),

  clause('entries are found by their state and time and by their buckets', async ({ store }) => {
    await fourBuckets(store);
    const filters: readonly (readonly [RowFilter, readonly number[]])[] = [
      [{}, [7, 6, 5]],
      [{ state: 'pending' }, [7, 6]],
      [{ state: 'uploaded' }, [5]],
      [{ state: 'counted' }, []],
      [{ stored: { from: AT + 6 } }, [7, 6]],
      [{ stored: { from: AT + 5, before: AT + 7 } }, [6, 5]],
      [{ bucketId: bucketId(SHIP), stored: { before: AT + 7 } }, [6]],
      [{ module: 'carrier' }, [7, 6]],
      [{ text: 'pay' }, [5]],
      [{ hits: { from: 9 }, state: 'uploaded' }, [5]],
    ];
    for (const [filter, expected] of filters) {
      const found = await everyPage((one) => store.queries.entries(one), { ...filter, limit: 1 });
      assert.deepEqual(
        found.map(({ at }) => at - AT),
        expected,
        JSON.stringify(filter),
      );
    }
  }),

  clause('a list is ordered by the last or the first hit where that is asked for', async ({ store }) => {
    await fourBuckets(store);
    await beforeAndAfter(store, async () => {
      const inOrder = async (order: 'last-seen' | 'first-seen') => {
        const found = await everyPage((one) => store.queries.buckets(one), { order, limit: 2 });
        return found.map((row) => row.bucketId);
      };
      assert.deepEqual(await inOrder('last-seen'), [OLD, BANK, SHIP, NEW].map(bucketId));
      assert.deepEqual(await inOrder('first-seen'), [BANK, SHIP, NEW, OLD].map(bucketId));
      const problems = await everyPage((one) => store.queries.problems(one), {
        order: 'last-seen',
        limit: 1,
      });
      assert.deepEqual(
        problems.map((row) => row.problemId),
        [OLD, BANK, SHIP].map(problemId),
      );
    });
  }),

  clause(
    'pages of any order and filter give every row once, also where many are equal',
    async ({ store }) => {
      const buckets = Array.from({ length: 60 }, (_, n) =>
        sampleBucket(`f${n}`, { programVersion: `${n % 2}.0.0` }),
      );
      for (const [place, bucket] of buckets.entries())
        await store.hits.record([sampleHit(bucket, { count: 1 + (place % 3) })], AT + (place % 4) * MINUTE);
      await beforeAndAfter(store, async () => {
        for (const order of ['hits', 'first-seen', 'last-seen'] as const)
          for (const limit of [1, 7, 100]) {
            const filter = { order, limit, programVersion: '0.0.0', text: 'typeerror' };
            const found = await everyPage((one) => store.queries.buckets(one), filter);
            assert.equal(found.length, 30);
            assert.equal(new Set(found.map((row) => row.bucketId)).size, 30);
          }
      });
    },
  ),
];
