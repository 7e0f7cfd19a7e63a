/**
 * Short lives of a store whose every system call is made to fail in turn.
 * @module
 */
import assert from 'node:assert/strict';
import { bucketId } from '@fr/bucket';
import type { Store } from '@fr/store';
import { stepBack } from '@fr/store/embedded';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT, textOf } from '../support/material.ts';

export interface Scenario {
  /** Done before anything fails. */
  readonly before: (store: Store) => Promise<unknown>;
  /** Done to the closed folder afterwards. */
  readonly prepare?: (dir: string) => Promise<unknown>;
  readonly steps: readonly (readonly [string, (store: Store) => Promise<unknown>])[];
  /** What must hold afterwards of what was begun and what of that acknowledged. */
  readonly check: (store: Store, begun: ReadonlySet<string>, done: ReadonlySet<string>) => Promise<void>;
}

const BUCKET = bucketNamed('pay');
const HIT = hitOn(BUCKET, { reportId: '0190a1b2-0000-7000-8000-000000000001', count: 3 });
const ANOTHER = hitOn(bucketNamed('ship'), { reportId: '0190a1b2-0000-7000-8000-000000000002', count: 2 });
const HITS = ['hit', 'hit again', 'hit once more'] as const;
const MARKED = '0190a1b2-0000-7000-8000-00000000000a';
const DROPPED = '0190a1b2-0000-7000-8000-00000000000b';
const ADDED = '0190a1b2-0000-7000-8000-00000000000c';

async function add(store: Store, entryId: string, at = AT): Promise<void> {
  const { frame } = await frameOf(BUCKET, `text of ${entryId}`, { entryId });
  const { result } = await store.entries.add(chunksOf(frame), admit, at);
  assert(result === 'stored' || result === 'duplicate');
}

async function expectWhole(store: Store, entryId: string, mustBeThere: boolean): Promise<void> {
  const text = await textOf(store, entryId);
  if (mustBeThere || text !== undefined) assert.equal(text, `text of ${entryId}`);
}

const ingest: Scenario = {
  before: async () => undefined,
  steps: [
    ['hit', (store) => store.hits.record([HIT], AT)],
    ['add', (store) => add(store, ADDED)],
    ['demand', (store) => store.settings.write('answer', 42)],
    ['hit again', (store) => store.hits.record([HIT], AT)],
    // Has the journal applied.
    ['changes', (store) => store.hits.changedSince(0, 10)],
    ['another hit', (store) => store.hits.record([ANOTHER], AT)],
    ['hit once more', (store) => store.hits.record([HIT, ANOTHER], AT)],
  ],
  check: async (store, _, done) => {
    const hits = (await store.queries.bucket(bucketId(BUCKET)))?.hits ?? 0;
    const owed = HITS.some((step) => done.has(step)) ? 3 : 0;
    assert(hits === owed || (owed === 0 && hits === 3), `${hits} hits`);
    const others = (await store.queries.bucket(bucketId(ANOTHER.bucket)))?.hits ?? 0;
    const owedOthers = done.has('another hit') || done.has('hit once more') ? 2 : 0;
    assert(others === owedOthers || (owedOthers === 0 && others === 2), `${others} other hits`);
    await expectWhole(store, ADDED, done.has('add'));
  },
};

const mark: Scenario = {
  before: async (store) => {
    for (const id of [MARKED, DROPPED]) await add(store, id);
  },
  steps: [
    ['mark', (store) => store.entries.mark(MARKED, RECEIPT)],
    ['drop', (store) => store.entries.drop(DROPPED, 'retention')],
  ],
  check: async (store, begun, done) => {
    await expectWhole(store, MARKED, true);
    const entry = (await store.entries.read(MARKED))?.entry;
    if (done.has('mark')) assert.equal(entry?.state, 'uploaded');
    assert.deepEqual(entry?.receipts, entry?.state === 'uploaded' ? [RECEIPT] : []);
    await expectWhole(store, DROPPED, !begun.has('drop'));
    if (done.has('drop')) assert.equal(await textOf(store, DROPPED), undefined);
  },
};

const retention: Scenario = {
  before: async (store) => {
    for (const [place, id] of [DROPPED, ADDED, MARKED].entries()) await add(store, id, AT + place);
  },
  steps: [['retain', (store) => store.entries.retain({ bucketEntries: 1 }, AT + 10)]],
  check: async (store, begun, done) => {
    await expectWhole(store, MARKED, true);
    for (const id of [DROPPED, ADDED]) {
      await expectWhole(store, id, !begun.has('retain'));
      if (done.has('retain')) assert.equal(await textOf(store, id), undefined);
    }
    const outcomes = await store.queries.outcomes();
    const dropped = outcomes.find(({ reason }) => reason === 'retention-count')?.count ?? 0;
    assert.equal(dropped + (await store.queries.entries()).rows.length, 3);
  },
};

/** The start itself brings the tables forward. */
const migration: Scenario = {
  before: async (store) => {
    await store.hits.record([HIT], AT);
    await add(store, ADDED);
  },
  prepare: (dir) => stepBack(dir),
  steps: [['hit again', (store) => store.hits.record([HIT], AT)]],
  check: async (store) => {
    assert.equal((await store.queries.bucket(bucketId(BUCKET)))?.hits, 3);
    await expectWhole(store, ADDED, true);
  },
};

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = { ingest, mark, retention, migration };

export type ScenarioName = 'ingest' | 'mark' | 'retention' | 'migration';

export function isScenarioName(name: string): name is ScenarioName {
  return name in SCENARIOS;
}
