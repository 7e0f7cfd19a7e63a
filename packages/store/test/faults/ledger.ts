/**
 * What a store owes after its writers were interrupted: read from what they printed before they began an act and
 * after it was acknowledged.
 * @module
 */
import assert from 'node:assert/strict';
import { bucketId } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import type { Store } from '@fr/store';
import { balanceOf, textOf } from '../support/material.ts';

interface Act {
  readonly number: number;
  readonly hits?: readonly Hit[];
  readonly add?: string;
  readonly length?: number;
  readonly mark?: string;
  readonly drop?: string;
}

interface Owed {
  readonly length: number;
  state: 'any' | 'uploaded' | 'gone' | 'dropping';
}

export class Ledger {
  readonly #hits = new Map<string, number>();
  readonly #entries = new Map<string, Owed>();
  /** Acts that were acknowledged to a writer. */
  acknowledged = 0;
  #checked = 0;

  /** Sends unacknowledged hits again, as their reporter would; then all of them must be there once. */
  async settle(store: Store, printed: string): Promise<void> {
    for (const [act, acknowledged] of readTrace(printed)) {
      if (acknowledged) this.acknowledged += 1;
      if (act.hits) await this.#settleHits(store, act.hits, acknowledged && act.number);
      if (act.add && acknowledged) this.#entries.set(act.add, { length: act.length ?? 0, state: 'any' });
      const marked = act.mark ? this.#entries.get(act.mark) : undefined;
      if (marked && acknowledged) marked.state = 'uploaded';
      const dropped = act.drop ? this.#entries.get(act.drop) : undefined;
      if (dropped) dropped.state = acknowledged ? 'gone' : 'dropping';
    }
  }

  async #settleHits(store: Store, hits: readonly Hit[], acknowledged: number | false): Promise<void> {
    const again = await store.hits.record(hits, Date.now());
    const counted = again.filter(({ result }) => result !== 'duplicate');
    if (acknowledged !== false)
      assert.equal(counted.length, 0, `acknowledged hits were lost (act ${acknowledged} of its writer)`);
    for (const { bucket, count } of hits) {
      const id = bucketId(bucket);
      this.#hits.set(id, (this.#hits.get(id) ?? 0) + count);
    }
  }

  /** Everything that became owed since the last look, the counts, the balance, and all that is pending. */
  async check(store: Store): Promise<void> {
    await this.#checkEntries(store, [...this.#entries].slice(this.#checked));
    this.#checked = this.#entries.size;
    await this.#checkCounts(store);
    for await (const { header } of store.entries.pending()) {
      if (this.#entries.has(header.entryId)) continue;
      assert.equal((await textOf(store, header.entryId))?.length, header.parts[0]?.bytes, 'a torn entry');
    }
  }

  /** All that was ever owed. */
  async checkAll(store: Store): Promise<void> {
    await this.#checkEntries(store, [...this.#entries]);
    await this.#checkCounts(store);
    assert(this.#hits.size + this.#entries.size > 0, 'nothing was ever acknowledged');
  }

  async #checkCounts(store: Store): Promise<void> {
    for (const [id, hits] of this.#hits)
      assert.equal((await store.queries.bucket(id))?.hits, hits, `count of ${id}`);
    for (const what of ['hits', 'entries'] as const) {
      const { received, settled } = await balanceOf(store, what);
      assert.equal(settled, received, `balance of ${what}`);
    }
  }

  async #checkEntries(store: Store, owed: readonly (readonly [string, Owed])[]): Promise<void> {
    for (const [entryId, { length, state }] of owed) {
      const text = await textOf(store, entryId);
      if (state === 'gone') assert.equal(text, undefined, `entry ${entryId} came back`);
      else if (state !== 'dropping' || text !== undefined)
        assert.equal(text?.length, length, `entry ${entryId} was lost or torn`);
      if (state !== 'uploaded') continue;
      const entry = (await store.entries.read(entryId))?.entry;
      assert.deepEqual([entry?.state, entry?.receipts.length], ['uploaded', 1], `mark of ${entryId}`);
    }
  }
}

/** What was begun, and whether it was acknowledged. */
function readTrace(printed: string): readonly (readonly [Act, boolean])[] {
  const lines = printed.split('\n').slice(0, -1);
  const done = new Set(lines.filter((line) => line.startsWith('! ')).map((line) => Number(line.slice(2))));
  return lines
    .filter((line) => line.startsWith('? '))
    .map((line) => JSON.parse(line.slice(2)) as Act)
    .map((act) => [act, done.has(act.number)] as const);
}
