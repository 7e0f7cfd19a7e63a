import { strict as assert } from 'node:assert';
import { bucketId } from '@fr/bucket';
import { type Clause, clause } from './bench.ts';
import {
  AT,
  addSample,
  admitAll,
  assertBalance,
  inChunks,
  outcomeCount,
  pendingIds,
  readParts,
  sampleBucket,
  sampleFrame,
  sampleReceipt,
} from './sample.ts';

/** What a store promises about entries, from arrival to drop. */
export const ENTRY_CLAUSES: readonly Clause[] = [
  clause('an entry that was stored can be read, whole and in parts', async ({ store }) => {
    const parts = { stack: 'at main', environment: 'linux', 'log-tail': 'x'.repeat(200_000) };
    const entry = await addSample(store, sampleBucket('pay'), parts);
    assert.equal(entry.state, 'pending');
    assert.equal(entry.storedAt, AT);
    assert.deepEqual(await readParts(store, entry.header.entryId), parts);
    assert.deepEqual(await readParts(store, entry.header.entryId, ['environment']), { environment: 'linux' });
    assert.deepEqual(await readParts(store, entry.header.entryId.toUpperCase(), ['stack', 'core']), {
      stack: 'at main',
    });
    assert.deepEqual((await store.entries.read(entry.header.entryId))?.entry, entry);
  }),

  clause('an entry without parts and one with an empty part are entries', async ({ store }) => {
    const bare = await addSample(store, sampleBucket('pay'), {});
    const hollow = await addSample(store, sampleBucket('pay'), { stack: '' });
    assert.deepEqual(await readParts(store, bare.header.entryId), {});
    assert.deepEqual(await readParts(store, hollow.header.entryId), { stack: '' });
  }),

  clause('an entry sent again is a duplicate, also when both arrive at once', async ({ store }) => {
    const { frame, header } = await sampleFrame(sampleBucket('pay'));
    const adds = Array.from({ length: 5 }, () => store.entries.add(inChunks(frame, 7), admitAll, AT));
    const results = (await Promise.all(adds)).map(({ result }) => result).sort();
    assert.deepEqual(results, ['duplicate', 'duplicate', 'duplicate', 'duplicate', 'stored']);
    assert.deepEqual(await pendingIds(store), [header.entryId]);
    await assertBalance(store, 'entries', 5);
  }),

  clause('a copy that is refused while the other one is stored is a duplicate', async ({ store }) => {
    const { frame } = await sampleFrame(sampleBucket('pay'));
    const added = await store.entries.add(
      inChunks(frame, 7),
      async () => {
        await store.entries.add(inChunks(frame, 7), admitAll, AT);
        return { admit: false, reason: 'not-needed' };
      },
      AT,
    );
    assert.equal(added.result, 'duplicate');
    await assertBalance(store, 'entries', 2);
  }),

  clause('a frame that breaks off, or whose hash does not fit, leaves nothing', async ({ store }) => {
    const { frame, header } = await sampleFrame(sampleBucket('pay'), { stack: 'at main', environment: 'x' });
    const cuts = [3, 20, frame.byteLength - 80, frame.byteLength - 1];
    for (const cut of cuts)
      await assert.rejects(store.entries.add(inChunks(frame.slice(0, cut)), admitAll, AT), {
        code: 'malformed',
      });
    const flipped = Uint8Array.from(frame);
    const place = frame.byteLength - 74;
    flipped[place] = (flipped[place] ?? 0) ^ 1;
    await assert.rejects(store.entries.add(inChunks(flipped), admitAll, AT), { code: 'digest-mismatch' });
    const longer = Buffer.concat([frame, Buffer.from('more')]);
    await assert.rejects(store.entries.add(inChunks(longer), admitAll, AT), { code: 'malformed' });
    assert.equal(await store.entries.read(header.entryId), undefined);
    assert.deepEqual(await pendingIds(store), []);
    await assertBalance(store, 'entries', cuts.length + 2);
    assert.equal((await store.entries.add(inChunks(frame), admitAll, AT)).result, 'stored');
  }),

  clause('a connection that dies is counted as interrupted and leaves nothing', async ({ store }) => {
    const { frame, header } = await sampleFrame(sampleBucket('pay'));
    async function* dying(): AsyncGenerator<Uint8Array> {
      yield frame.slice(0, frame.byteLength - 10);
      throw new Error('the line is dead');
    }
    await assert.rejects(store.entries.add(dying(), admitAll, AT), /the line is dead/);
    assert.equal(await store.entries.read(header.entryId), undefined);
    assert.equal(await outcomeCount(store, 'entries', 'refused', 'interrupted'), 1);
    await assertBalance(store, 'entries', 1);
  }),

  clause('pending entries are listed oldest first, marked ones no more', async ({ store }) => {
    const later = await addSample(store, sampleBucket('b'), undefined, AT + 2);
    const first = await addSample(store, sampleBucket('a'), undefined, AT + 1);
    const third = await addSample(store, sampleBucket('a'), undefined, AT + 3);
    const expected = [first, later, third].map(({ header }) => header.entryId);
    assert.deepEqual(await pendingIds(store), expected);
    await store.entries.mark(later.header.entryId, sampleReceipt());
    assert.deepEqual(await pendingIds(store), [expected[0], expected[2]]);
  }),

  clause('mark keeps the receipt; the same again changes nothing, another is added', async ({ store }) => {
    const entry = await addSample(store, sampleBucket('pay'));
    const { entryId } = entry.header;
    const receipt = sampleReceipt();
    await store.entries.mark(entryId, receipt);
    await store.entries.mark(entryId, receipt);
    const marked = (await store.entries.read(entryId))?.entry;
    assert.deepEqual(marked, { ...entry, state: 'uploaded', receipts: [receipt] });
    const other = sampleReceipt({ to: 'https://second.example', types: ['environment'] });
    await store.entries.mark(entryId, other);
    assert.deepEqual((await store.entries.read(entryId))?.entry.receipts, [receipt, other]);
    assert.deepEqual(await readParts(store, entryId), { stack: 'at main' });
    await assert.rejects(store.entries.mark('0190a1b2-0000-7000-8000-000000000000', receipt), {
      code: 'not-found',
    });
  }),

  clause('a dropped entry is gone, once, and counted with its reason', async ({ store }) => {
    const entry = await addSample(store, sampleBucket('pay'));
    const { entryId } = entry.header;
    assert.equal(await store.entries.drop(entryId, 'retention'), true);
    assert.equal(await store.entries.drop(entryId, 'retention'), false);
    assert.equal(await store.entries.read(entryId), undefined);
    assert.equal(await outcomeCount(store, 'entries', 'dropped', 'retention'), 1);
    const row = await store.queries.bucket(bucketId(entry.header.bucket));
    assert.deepEqual(row?.entries, { pending: 0, uploaded: 0 });
    assert.deepEqual(row?.types, {});
  }),

  clause('add, mark and drop put the bucket among the changed ones', async ({ store }) => {
    const bucket = sampleBucket('pay');
    const entry = await addSample(store, bucket);
    let cursor = 0;
    const changed = async () => {
      const answer = await store.hits.changedSince(cursor, 10);
      cursor = answer.cursor;
      return answer.totals;
    };
    assert.deepEqual(await changed(), [{ bucket, hits: 0 }]);
    await store.entries.mark(entry.header.entryId, sampleReceipt());
    assert.equal((await changed()).length, 1);
    await store.entries.drop(entry.header.entryId, 'administrator');
    assert.equal((await changed()).length, 1);
    assert.equal((await changed()).length, 0);
  }),

  clause('entries and receipts outlive the process', async ({ store, reopen }) => {
    if (!reopen) return;
    const kept = await addSample(store, sampleBucket('a'), { stack: 'kept' });
    const marked = await addSample(store, sampleBucket('b'), { stack: 'marked' });
    await store.entries.mark(marked.header.entryId, sampleReceipt());
    const opened = await reopen();
    assert.deepEqual(await pendingIds(opened), [kept.header.entryId]);
    assert.deepEqual(await readParts(opened, kept.header.entryId), { stack: 'kept' });
    const again = (await opened.entries.read(marked.header.entryId))?.entry;
    assert.deepEqual(again, { ...marked, state: 'uploaded', receipts: [sampleReceipt()] });
    await assertBalance(opened, 'entries', 2);
  }),
];
