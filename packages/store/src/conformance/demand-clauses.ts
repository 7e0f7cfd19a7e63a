import { strict as assert } from 'node:assert';
import { bucketId } from '@fr/bucket';
import { type Clause, clause } from './bench.ts';
import { AT, sampleBucket, sampleDemand } from './sample.ts';

const UPSTREAM = 'https://vendor.example';
const APPROVAL = { decision: 'approved', termsHash: 'h-1', by: 'ann', at: AT } as const;

/** What a store promises about demands, quotas and settings. */
export const DEMAND_CLAUSES: readonly Clause[] = [
  clause('demands are listed newest first, as they were put', async ({ store }) => {
    const older = { demand: sampleDemand('older'), source: 'own', seenAt: AT };
    const newer = { demand: sampleDemand('newer'), source: 'own', seenAt: AT + 1, closedAt: AT + 2 };
    await store.demands.put(older);
    await store.demands.put(newer);
    assert.deepEqual(await store.demands.list(), [newer, older]);
  }),

  clause('a decision stays with its demand through put and replace', async ({ store }) => {
    assert.equal(await store.demands.decide('d-1', APPROVAL), false);
    await store.demands.replace(UPSTREAM, [sampleDemand('d-1')], [], AT);
    assert.equal(await store.demands.decide('d-1', APPROVAL), true);
    await store.demands.replace(UPSTREAM, [sampleDemand('d-1', 2)], [], AT + 1);
    await store.demands.put({ demand: sampleDemand('d-1', 3), source: UPSTREAM, seenAt: AT + 2 });
    const [held] = await store.demands.list();
    assert.deepEqual(held?.approval, APPROVAL);
    assert.equal(held?.demand.terms.version, 3);
  }),

  clause(
    'replace closes what its source no longer lists, and nothing of another source',
    async ({ store }) => {
      await store.demands.put({ demand: sampleDemand('mine'), source: 'own', seenAt: AT });
      await store.demands.replace(UPSTREAM, [sampleDemand('d-1'), sampleDemand('d-2')], [], AT);
      await store.demands.replace(UPSTREAM, [sampleDemand('d-2')], [], AT + 10);
      await store.demands.replace(UPSTREAM, [sampleDemand('d-2')], [], AT + 20);
      const closed = new Map((await store.demands.list()).map((one) => [one.demand.terms.id, one.closedAt]));
      assert.deepEqual(
        [closed.get('mine'), closed.get('d-1'), closed.get('d-2')],
        [undefined, AT + 10, undefined],
      );
      await store.demands.replace(UPSTREAM, [sampleDemand('d-1', 2)], [], AT + 30);
      const reopened = (await store.demands.list()).find((one) => one.demand.terms.id === 'd-1');
      assert.deepEqual([reopened?.closedAt, reopened?.seenAt], [undefined, AT + 30]);
    },
  ),

  clause('a source cannot take over the demand of another', async ({ store }) => {
    await store.demands.put({ demand: sampleDemand('mine'), source: 'own', seenAt: AT });
    await store.demands.replace(UPSTREAM, [sampleDemand('mine', 99)], [], AT + 1);
    const [held] = await store.demands.list();
    assert.deepEqual([held?.source, held?.demand.terms.version], ['own', 1]);
  }),

  clause(
    'quotas of some buckets are replaced, those of others and of other sources stay',
    async ({ store }) => {
      const [one, two] = [bucketId(sampleBucket('one')), bucketId(sampleBucket('two'))];
      const quota = (id: string, count: number) => ({ demandId: 'd-1', bucketId: id, type: 'stack', count });
      await store.demands.replace('https://a.example', [], [quota(one, 3), quota(two, 4)], AT);
      await store.demands.replace('https://b.example', [], [quota(one, 9)], AT);
      await store.quotas.replace('https://a.example', [one], [quota(one, 0)]);
      const counts = async (id: string) => (await store.quotas.list(id)).map(({ count }) => count).sort();
      assert.deepEqual([await counts(one), await counts(two)], [[0, 9], [4]]);
      await store.quotas.replace('https://a.example', [one], []);
      assert.deepEqual(await counts(one), [9]);
    },
  ),

  clause('quotas are replaced with the demands of their source', async ({ store }) => {
    const quota = (bucketId: string, count: number) => ({ demandId: 'd-1', bucketId, type: 'stack', count });
    await store.demands.replace('https://other.example', [], [quota('b-other', 5)], AT);
    await store.demands.replace(UPSTREAM, [], [quota('b-one', 1), quota('b-two', 2)], AT);
    assert.deepEqual(await store.quotas.list('b-two'), [quota('b-two', 2)]);
    await store.demands.replace(UPSTREAM, [], [quota('b-one', 7)], AT);
    const counts = (await store.quotas.list()).map(({ count }) => count);
    assert.deepEqual(counts.sort(), [5, 7]);
    assert.deepEqual(await store.quotas.list('b-two'), []);
  }),

  clause('settings are read as they were written', async ({ store, reopen }) => {
    assert.equal(await store.settings.read('cursor'), undefined);
    await store.settings.write('cursor', 1);
    await store.settings.write('cursor', { at: [AT, null, 'ü'] });
    assert.deepEqual(await store.settings.read('cursor'), { at: [AT, null, 'ü'] });
    await store.demands.put({ demand: sampleDemand('d-1'), source: 'own', seenAt: AT, approval: APPROVAL });
    if (!reopen) return;
    const opened = await reopen();
    assert.deepEqual(await opened.settings.read('cursor'), { at: [AT, null, 'ü'] });
    assert.deepEqual((await opened.demands.list())[0]?.approval, APPROVAL);
  }),

  clause('settings that were deleted are gone, and others stay', async ({ store, reopen }) => {
    const names = Array.from({ length: 3_000 }, (_, place) => `number 'of" ${place}`);
    await Promise.all(names.map((name, place) => store.settings.write(name, place)));
    await store.settings.write('null', null);
    await store.settings.delete([]);
    await store.settings.delete([...names.slice(1), 'null', 'never written']);
    await store.settings.write(names[7] ?? '', 'again');
    const opened = reopen ? await reopen() : store;
    const read = (name = '') => opened.settings.read(name);
    assert.deepEqual(
      [await read(names[0]), await read(names[1]), await read(names[7]), await read(names[2_999])],
      [0, undefined, 'again', undefined],
    );
    assert.equal(await read('null'), undefined);
  }),

  clause('a closed store says so', async ({ store }) => {
    await store.close();
    await assert.rejects(store.hits.record([], AT), { name: 'StoreError', code: 'closed' });
    await assert.rejects(store.queries.buckets(), { name: 'StoreError', code: 'closed' });
    await assert.rejects(store.settings.write('a', 1), { name: 'StoreError', code: 'closed' });
    await assert.rejects(store.entries.pending()[Symbol.asyncIterator]().next(), { code: 'closed' });
    await store.close();
  }),
];
