import { strict as assert } from 'node:assert';
import type { StoredEntry } from '../contract/entries.ts';
import type { Store } from '../contract/store.ts';
import { type Clause, clause } from './bench.ts';
import {
  AT,
  addSample,
  outcomeCount,
  pendingIds,
  sampleBucket,
  sampleDemand,
  sampleHit,
  sampleReceipt,
} from './sample.ts';

const DAY_MS = 86_400_000;

/** What a store promises about entries that are more than are to be kept. */
export const RETENTION_CLAUSES: readonly Clause[] = [
  clause('without a limit nothing goes', async ({ store }) => {
    const entries = await addSome(store, 3);
    const report = await store.entries.retain({}, AT + 1_000 * DAY_MS);
    assert.deepEqual(report, { removed: [], kept: { entries: 3, bytes: bytesOf(entries) } });
    assert.equal((await pendingIds(store)).length, 3);
  }),

  clause(
    'of a bucket with too many entries the newest stay, and each that goes is counted',
    async ({ store }) => {
      const pay = await addSome(store, 5);
      const other = await addSample(store, sampleBucket('other'));
      const report = await store.entries.retain({ bucketEntries: 2 }, AT + 10);
      const gone = pay.slice(0, 3).map(({ header }) => header.entryId);
      assert.deepEqual(report.removed.map(({ entryId }) => entryId).toSorted(), gone.toSorted());
      assert.ok(report.removed.every(({ reason }) => reason === 'retention-count'));
      assert.deepEqual(
        (await pendingIds(store)).toSorted(),
        [...pay.slice(3), other].map(({ header }) => header.entryId).toSorted(),
      );
      assert.equal(await outcomeCount(store, 'entries', 'dropped', 'retention-count'), 3);
      assert.deepEqual(await store.entries.retain({ bucketEntries: 2 }, AT + 10), {
        removed: [],
        kept: report.kept,
      });
    },
  ),

  clause('hits are counted whatever goes', async ({ store }) => {
    await store.hits.record([sampleHit(sampleBucket('pay'), { count: 7 })], AT);
    const [entry] = await addSome(store, 1);
    await store.entries.retain({ ageMs: 1 }, AT + DAY_MS);
    const row = (await store.queries.buckets()).rows[0];
    assert.deepEqual([row?.hits, row?.entries], [7, { pending: 0, uploaded: 0 }]);
    assert.equal(await store.entries.read(entry?.header.entryId ?? ''), undefined);
    assert.equal(await outcomeCount(store, 'entries', 'dropped', 'retention-age'), 1);
  }),

  clause('what an open demand waits for goes last, and only for the sum of all', async ({ store }) => {
    const awaited = await addSample(store, sampleBucket('pay'), { stack: 'awaited' }, AT);
    const terms = { ...sampleDemand('d-1').terms, until: AT + 100 * DAY_MS };
    await store.demands.put({ demand: { ...sampleDemand('d-1'), terms }, source: 'own', seenAt: AT });
    const newer = await addSample(store, sampleBucket('pay'), { environment: 'newer' }, AT + 1);
    await addSample(store, sampleBucket('pay'), { environment: 'newer' }, AT + 2);
    const strict = { bucketEntries: 1, ageMs: DAY_MS, bucketBytes: 1 };
    await store.entries.retain(strict, AT + 2 * DAY_MS);
    assert.deepEqual(await pendingIds(store), [awaited.header.entryId]);
    assert.equal(await store.entries.read(newer.header.entryId), undefined);
    const { removed } = await store.entries.retain({ totalBytes: 1 }, AT + 2 * DAY_MS);
    assert.deepEqual(
      removed.map(({ reason }) => reason),
      ['retention-total'],
    );
    assert.deepEqual(await pendingIds(store), []);
  }),

  clause(
    'once uploaded, or once its demand is denied or over, an entry is one like the others',
    async ({ store }) => {
      const [first, second] = await addSome(store, 2);
      const { header } = first ?? assert.fail();
      await store.demands.put({ demand: sampleDemand('d-1'), source: 'own', seenAt: AT });
      const limits = { bucketEntries: 1 };
      assert.deepEqual((await store.entries.retain(limits, AT + 10)).removed, []);
      await store.entries.mark(header.entryId, sampleReceipt());
      assert.deepEqual(idsOf(await store.entries.retain(limits, AT + 10)), [header.entryId]);
      const third = await addSample(store, sampleBucket('pay'), { stack: 'three' }, AT + 20);
      assert.deepEqual(idsOf(await store.entries.retain(limits, AT + 30)), []);
      const approval = { decision: 'denied', termsHash: 'x', by: 'ann', at: AT } as const;
      await store.demands.decide('d-1', approval);
      assert.deepEqual(idsOf(await store.entries.retain(limits, AT + 30)), [second?.header.entryId]);
      assert.deepEqual(await pendingIds(store), [third.header.entryId]);
    },
  ),

  clause(
    'for the sum of all, buckets give up their least useful entries before any gives up its last',
    async ({ store }) => {
      const lonely = await addSample(
        store,
        sampleBucket('lonely'),
        { stack: 'x'.repeat(2_000) },
        AT - DAY_MS,
      );
      const crowd = [];
      for (let n = 0; n < 4; n++)
        crowd.push(await addSample(store, sampleBucket('crowd'), { stack: `${n}`.repeat(2_000) }, AT + n));
      const totalBytes = bytesOf([lonely, ...crowd]) / 2;
      const { removed, kept } = await store.entries.retain({ totalBytes }, AT + 10);
      assert.ok(kept.bytes <= totalBytes);
      assert.deepEqual(new Set(removed.map(({ reason }) => reason)), new Set(['retention-total']));
      const left = await pendingIds(store);
      assert.ok(left.includes(lonely.header.entryId));
      assert.ok(left.includes(crowd.at(-1)?.header.entryId ?? ''));
    },
  ),
];

async function addSome(store: Store, count: number): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (let n = 0; n < count; n++)
    entries.push(await addSample(store, sampleBucket('pay'), { stack: `at line ${n}` }, AT + n));
  return entries;
}

function bytesOf(entries: readonly StoredEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function idsOf({
  removed,
}: {
  readonly removed: readonly { readonly entryId: string }[];
}): readonly string[] {
  return removed.map(({ entryId }) => entryId);
}
