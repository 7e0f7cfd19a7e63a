import { setTimeout as sleep } from 'node:timers/promises';
import { bucketId } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import type { Store } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { expect, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { temporaryFolder } from './support/folder.ts';
import { balanceOf, seeded, textOf } from './support/material.ts';

const CYCLES = Number(process.env['FR_KILL_CYCLES'] ?? 20);
const SEED = Number(process.env['FR_KILL_SEED'] ?? 1);

interface Act {
  readonly number: number;
  readonly hits?: readonly Hit[];
  readonly add?: string;
  readonly length?: number;
  readonly mark?: string;
  readonly drop?: string;
}

/** What the writer began, and what of it was acknowledged. */
function readTrace(stdout: string): readonly (readonly [Act, boolean])[] {
  const lines = stdout.split('\n').slice(0, -1);
  const done = new Set(lines.filter((line) => line.startsWith('! ')).map((line) => Number(line.slice(2))));
  return lines
    .filter((line) => line.startsWith('? '))
    .map((line) => JSON.parse(line.slice(2)) as Act)
    .map((act) => [act, done.has(act.number)] as const);
}

/** Everything the store owes after all cycles so far. */
class Expectation {
  readonly hits = new Map<string, number>();
  readonly entries = new Map<
    string,
    { readonly length: number; state: 'any' | 'uploaded' | 'gone' | 'dropping' }
  >();

  /** Unacknowledged hits are sent again, as their reporter would. */
  async settle(store: Store, trace: readonly (readonly [Act, boolean])[]): Promise<void> {
    for (const [act, acknowledged] of trace) {
      if (act.hits) await this.#settleHits(store, act.hits, acknowledged);
      if (act.add && acknowledged) this.entries.set(act.add, { length: act.length ?? 0, state: 'any' });
      const marked = act.mark ? this.entries.get(act.mark) : undefined;
      if (marked && acknowledged) marked.state = 'uploaded';
      const dropped = act.drop ? this.entries.get(act.drop) : undefined;
      if (dropped) dropped.state = acknowledged ? 'gone' : 'dropping';
    }
  }

  async #settleHits(store: Store, hits: readonly Hit[], acknowledged: boolean): Promise<void> {
    const again = await store.hits.record(hits, Date.now());
    if (acknowledged) expect(again.every(({ result }) => result === 'duplicate')).toBe(true);
    for (const { bucket, count } of hits) {
      const id = bucketId(bucket);
      this.hits.set(id, (this.hits.get(id) ?? 0) + count);
    }
  }

  async check(store: Store): Promise<void> {
    for (const [id, hits] of this.hits) expect((await store.queries.bucket(id))?.hits).toBe(hits);
    for (const [entryId, { length, state }] of this.entries) {
      const text = await textOf(store, entryId);
      if (state === 'gone') expect(text).toBeUndefined();
      else if (state !== 'dropping' || text !== undefined) expect(text?.length).toBe(length);
      if (state !== 'uploaded') continue;
      const entry = (await store.entries.read(entryId))?.entry;
      expect([entry?.state, entry?.receipts.length]).toEqual(['uploaded', 1]);
    }
    for await (const { header } of store.entries.pending())
      expect((await textOf(store, header.entryId))?.length).toBe(header.parts[0]?.bytes);
    for (const of of ['hits', 'entries'] as const) {
      const { received, settled } = await balanceOf(store, of);
      expect(settled).toBe(received);
    }
  }
}

test(
  'a writer killed again and again loses nothing it acknowledged, counts exactly and serves nothing torn',
  async () => {
    const dir = temporaryFolder();
    const random = seeded(SEED);
    const expectation = new Expectation();
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const writer = startProgram('busy-writer.ts', [dir, String(SEED * 1_000 + cycle)]);
      await writer.says('ready');
      await sleep(random() * 150);
      await writer.kill();
      const store = await openEmbeddedStore({ dir });
      await expectation.settle(store, readTrace(writer.stdout));
      await expectation.check(store);
      await store.close();
    }
    expect(expectation.hits.size).toBeGreaterThan(0);
    expect(expectation.entries.size).toBeGreaterThan(0);
    const report = await verifyStore(dir);
    expect(report).toMatchObject({ ok: true, damaged: [], unindexed: 0, wrongSums: 0, aside: 0 });
  },
  60_000 + CYCLES * 5_000,
);
