import { strict as assert } from 'node:assert';
import { bucketId, problemId } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import type { Page, RowFilter } from '../contract/queries.ts';
import { type Clause, clause } from './bench.ts';
import { AT, addSample, sampleBucket, sampleDemand, sampleHit, sampleReceipt } from './sample.ts';

async function allPages<Row>(list: (filter: RowFilter) => Promise<Page<Row>>, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  let page = await list({ limit });
  rows.push(...page.rows);
  while (page.next !== undefined) {
    assert.equal(page.rows.length, limit, 'only the last page is short');
    page = await list({ limit, after: page.next });
    rows.push(...page.rows);
  }
  return rows;
}

/** What a store promises to those who read. */
export const QUERY_CLAUSES: readonly Clause[] = [
  clause('a bucket row says what is known of the bucket', async ({ store }) => {
    const bucket = sampleBucket('pay');
    await store.hits.record([sampleHit(bucket)], AT);
    await store.hits.record([sampleHit(bucket)], AT + 50);
    const one = await addSample(store, bucket, { stack: 's', environment: 'e' });
    await addSample(store, bucket, { stack: 's' });
    await store.entries.mark(one.header.entryId, sampleReceipt());
    const row = {
      bucketId: bucketId(bucket),
      problemId: problemId(bucket),
      bucket,
      hits: 2,
      firstSeen: AT,
      lastSeen: AT + 50,
      entries: { pending: 1, uploaded: 1 },
      types: { stack: 2, environment: 1 },
    };
    assert.deepEqual(await store.queries.bucket(bucketId(bucket)), row);
    assert.deepEqual(await store.queries.buckets(), { rows: [row] });
    assert.equal(await store.queries.bucket('b-unknown'), undefined);
  }),

  clause('a problem is the sum of its buckets', async ({ store }) => {
    const old = sampleBucket('pay', { programVersion: '1.0.0' });
    const young = sampleBucket('pay', { programVersion: '2.0.0' });
    await store.hits.record([sampleHit(old, { count: 2 })], AT);
    await store.hits.record([sampleHit(young, { count: 3 }), sampleHit(sampleBucket('other'))], AT + 9);
    await addSample(store, young);
    const { rows } = await store.queries.problems();
    assert.deepEqual(rows[0], {
      problemId: problemId(old),
      program: 'shop',
      module: 'shop',
      location: old.location,
      hits: 5,
      firstSeen: AT,
      lastSeen: AT + 9,
      versions: ['1.0.0', '2.0.0'],
      buckets: 2,
      entries: { pending: 1, uploaded: 0 },
    });
    assert.deepEqual(
      rows.map(({ hits }) => hits),
      [5, 1],
    );
  }),

  clause('buckets and problems come by hits, page after page, none twice', async ({ store }) => {
    const buckets = Array.from({ length: 23 }, (_, n) => sampleBucket(`f${n}`));
    await store.hits.record(
      buckets.map((bucket, n) => sampleHit(bucket, { count: 1 + (n % 4) })),
      AT,
    );
    const rows = await allPages((filter) => store.queries.buckets(filter), 5);
    assert.equal(new Set(rows.map((row) => row.bucketId)).size, 23);
    const hits = rows.map((row) => row.hits);
    assert.deepEqual(
      hits,
      hits.toSorted((a, b) => b - a),
    );
    const problems = await allPages((filter) => store.queries.problems(filter), 23);
    assert.equal(new Set(problems.map((row) => row.problemId)).size, 23);
    await assert.rejects(store.queries.buckets({ after: "' or 1=1" }), { code: 'not-found' });
  }),

  clause('entries come newest first, page after page, none twice', async ({ store }) => {
    const ids: string[] = [];
    for (let n = 0; n < 9; n++) {
      const entry = await addSample(store, sampleBucket(`f${n % 2}`), undefined, AT + Math.floor(n / 2));
      ids.push(entry.header.entryId);
    }
    const rows = await allPages((filter) => store.queries.entries(filter), 4);
    assert.deepEqual(rows.map((row) => row.entryId).sort(), ids.toSorted());
    assert.deepEqual(
      rows.map((row) => row.at),
      rows.map((row) => row.at).toSorted((a, b) => b - a),
    );
    const [first] = (await store.queries.entries({ limit: 1 })).rows;
    assert.deepEqual([first?.state, first?.types, first?.at], ['pending', ['stack'], AT + 4]);
  }),

  clause('filters narrow every list', async ({ store }) => {
    const shop = sampleBucket('pay');
    const bank = sampleBucket('pay', { program: 'bank', module: 'Ledger-Lib' });
    const site = { id: uuidv7(), epoch: 1 };
    await store.hits.record([sampleHit(shop)], AT);
    await store.hits.merge(site, [{ bucket: bank, hits: 4 }], AT);
    await addSample(store, shop);
    await addSample(store, bank);
    const filters: readonly (readonly [RowFilter, readonly string[]])[] = [
      [{}, [bucketId(bank), bucketId(shop)]],
      [{ program: 'bank' }, [bucketId(bank)]],
      [{ bucketId: bucketId(shop) }, [bucketId(shop)]],
      [{ problemId: problemId(bank) }, [bucketId(bank)]],
      [{ originId: site.id }, [bucketId(bank)]],
      [{ text: 'LEDGER typeerror' }, [bucketId(bank)]],
      [{ text: 'ledger nothing' }, []],
      [{ text: '100%_' }, []],
      [{ program: 'shop', originId: site.id }, []],
    ];
    for (const [filter, expected] of filters) {
      const what = JSON.stringify(filter);
      const buckets = (await store.queries.buckets(filter)).rows.map((row) => row.bucketId);
      assert.deepEqual(buckets.toSorted(), expected.toSorted(), what);
      const entries = (await store.queries.entries(filter)).rows.map((row) => row.bucketId);
      assert.deepEqual(entries.toSorted(), expected.toSorted(), what);
      assert.equal((await store.queries.problems(filter)).rows.length, expected.length, what);
    }
  }),

  clause(
    'the revision of a bucket tells of every change to its entries and to demands',
    async ({ store }) => {
      const bucket = sampleBucket('pay');
      const id = bucketId(bucket);
      let last = store.revision(id);
      const grown = () => {
        const before = last;
        last = store.revision(id);
        return last > before;
      };
      const entry = await addSample(store, bucket);
      assert.ok(grown());
      await store.entries.mark(entry.header.entryId, sampleReceipt());
      assert.ok(grown());
      await store.entries.drop(entry.header.entryId, 'retention');
      assert.ok(grown());
      await store.demands.put({ demand: sampleDemand('d-1'), source: 'own', seenAt: AT });
      assert.ok(grown());
      await store.demands.decide('d-1', { decision: 'denied', termsHash: 'h-1', by: 'ann', at: AT });
      assert.ok(grown());
      await store.demands.replace('https://vendor.example', [], [], AT);
      assert.ok(grown());
      await store.hits.record([sampleHit(bucket)], AT);
      assert.equal(grown(), false);
    },
  ),
];
