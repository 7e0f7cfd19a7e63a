import { strict as assert } from 'node:assert';
import type { EntryHeader } from '@fr/protocol';
import type { Credit } from '../contract/entries.ts';
import { type Clause, clause } from './bench.ts';
import {
  AT,
  addSample,
  admitAll,
  admitFor,
  assertBalance,
  inChunks,
  outcomeCount,
  pendingIds,
  sampleBucket,
  sampleFrame,
} from './sample.ts';

/** A frame whose sender falls silent after the head. */
async function* headOnly(frame: Uint8Array): AsyncGenerator<Uint8Array> {
  const headEnd = frame.indexOf(10, frame.indexOf(10) + 1) + 1;
  yield frame.slice(0, headEnd);
  await new Promise(() => undefined);
}

function creditFor(demandId: string, limit: number, scope = ''): Credit {
  return { demandId, scope, type: 'stack', limit };
}

/** What a store promises about who is let in. */
export const GATE_CLAUSES: readonly Clause[] = [
  clause('a refusal needs no payload byte: the gate is asked when the header is there', async ({ store }) => {
    const { frame, header } = await sampleFrame(sampleBucket('pay'));
    const seen: EntryHeader[] = [];
    const refused = await store.entries.add(
      headOnly(frame),
      async (asked) => {
        seen.push(asked);
        return { admit: false, reason: 'policy' };
      },
      AT,
    );
    assert.deepEqual(refused, { result: 'refused', reason: 'policy' });
    assert.deepEqual(seen, [header]);
    assert.equal(await store.entries.read(header.entryId), undefined);
    assert.equal(await outcomeCount(store, 'entries', 'refused', 'policy'), 1);
    await assertBalance(store, 'entries', 1);
  }),

  clause('a duplicate needs no payload byte, and the gate is not asked about it', async ({ store }) => {
    const { frame } = await sampleFrame(sampleBucket('pay'));
    const first = await store.entries.add(inChunks(frame), admitAll, AT);
    const never = async () => assert.fail('the gate was asked about an entry that is held');
    const second = await store.entries.add(headOnly(frame), never, AT + 1);
    assert.deepEqual(second, { ...first, result: 'duplicate' });
  }),

  clause('a gate that throws stops the entry', async ({ store }) => {
    const { frame, header } = await sampleFrame(sampleBucket('pay'));
    const broken = async () => {
      throw new Error('the gate is broken');
    };
    await assert.rejects(store.entries.add(inChunks(frame), broken, AT), /the gate is broken/);
    assert.equal(await store.entries.read(header.entryId), undefined);
  }),

  clause('never more than the limit is accepted, however many arrive at once', async ({ store }) => {
    const frames = await Promise.all(Array.from({ length: 40 }, () => sampleFrame(sampleBucket('pay'))));
    const gate = admitFor(creditFor('d-1', 7));
    const results = await Promise.all(
      frames.map(({ frame }) => store.entries.add(inChunks(frame), gate, AT)),
    );
    assert.equal(results.filter(({ result }) => result === 'stored').length, 7);
    assert.equal(await outcomeCount(store, 'entries', 'refused', 'not-needed'), 33);
    assert.deepEqual(await store.demands.credits(), [
      { demandId: 'd-1', scope: '', type: 'stack', accepted: 7 },
    ]);
    assert.equal((await pendingIds(store)).length, 7);
    await assertBalance(store, 'entries', 40);
  }),

  clause('one credit that is left is enough, and only that one is taken', async ({ store }) => {
    const gate = admitFor(creditFor('d-1', 1), creditFor('d-2', 2));
    const add = async () => {
      const { frame } = await sampleFrame(sampleBucket('pay'));
      return (await store.entries.add(inChunks(frame), gate, AT)).result;
    };
    assert.deepEqual([await add(), await add(), await add()], ['stored', 'stored', 'refused']);
    const accepted = (await store.demands.credits()).map((one) => [one.demandId, one.accepted]);
    assert.deepEqual(accepted.sort(), [
      ['d-1', 1],
      ['d-2', 2],
    ]);
  }),

  clause('credits are counted per scope', async ({ store }) => {
    for (const scope of ['one', 'two']) {
      const { frame } = await sampleFrame(sampleBucket('pay'));
      const gate = admitFor(creditFor('d-1', 1, scope));
      assert.equal((await store.entries.add(inChunks(frame), gate, AT)).result, 'stored');
    }
    assert.equal((await store.demands.credits()).length, 2);
    const [one] = await store.demands.credits();
    assert.deepEqual(await store.demands.credits(one ? [one] : []), [one]);
  }),

  clause('neither a duplicate nor a torn frame takes a credit', async ({ store }) => {
    const { frame } = await sampleFrame(sampleBucket('pay'));
    const gate = admitFor(creditFor('d-1', 5));
    await assert.rejects(store.entries.add(inChunks(frame.slice(0, -1)), gate, AT));
    await store.entries.add(inChunks(frame), gate, AT);
    await store.entries.add(inChunks(frame), gate, AT);
    assert.equal((await store.demands.credits())[0]?.accepted, 1);
  }),

  clause('dropping an entry gives no credit back', async ({ store }) => {
    const { frame, header } = await sampleFrame(sampleBucket('pay'));
    await store.entries.add(inChunks(frame), admitFor(creditFor('d-1', 1)), AT);
    await store.entries.drop(header.entryId, 'retention');
    const next = await sampleFrame(sampleBucket('pay'));
    const refused = await store.entries.add(inChunks(next.frame), admitFor(creditFor('d-1', 1)), AT);
    assert.deepEqual(refused, { result: 'refused', reason: 'not-needed' });
    assert.equal((await addSample(store, sampleBucket('pay'))).state, 'pending');
  }),
];
