import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bucketId } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import type { Store } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { startProgram } from '../support/child.ts';
import { makeFirstLayout } from '../support/first-layout.ts';
import { temporaryFolder } from '../support/folder.ts';
import { AT, balanceOf, bucketNamed, hitOn, seeded } from '../support/material.ts';

const CALLS = 9;
const PAY = bucketId(bucketNamed('pay'));

/** A folder whose server was killed after its hits were acknowledged and before the journal was applied. */
async function killedBeforeApply(): Promise<{ readonly dir: string; readonly hits: readonly Hit[] }> {
  for (;;) {
    const dir = temporaryFolder();
    const program = startProgram('../faults/programs/journaled.ts', [dir, String(CALLS)]);
    await program.says(']\n');
    await program.kill();
    // On a slow day some seconds pass before the kill does, and there is nothing to see.
    if (journalRows(dir).length > 0) return { dir, hits: JSON.parse(program.stdout) };
  }
}

function journalRows(dir: string): readonly { readonly seq: number; readonly hits: Uint8Array }[] {
  const db = new DatabaseSync(join(dir, 'store.sqlite'));
  const rows = db.prepare('SELECT seq, hits FROM journal ORDER BY seq').all();
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return rows as unknown as readonly { seq: number; hits: Uint8Array }[];
}

async function expectExact(store: Store): Promise<void> {
  expect((await store.queries.bucket(PAY))?.hits).toBe((CALLS * (CALLS + 1)) / 2);
  expect((await store.queries.bucket(bucketId(bucketNamed(`b${CALLS - 1}`))))?.hits).toBe(1);
  const day = 86_400_000;
  const history = { bucketId: PAY, step: 'day', from: AT - day, to: AT + day } as const;
  expect((await store.queries.history(history)).map(({ hits }) => hits)).toEqual([(CALLS * (CALLS + 1)) / 2]);
  const { received, settled } = await balanceOf(store, 'hits');
  expect([received, settled]).toEqual([2 * CALLS + 3, 2 * CALLS + 3]);
}

describe('a journal that a crash has left', () => {
  test('is in every answer, without and with a server, and is applied once', async () => {
    const { dir, hits } = await killedBeforeApply();
    const reader = await openEmbeddedStore({ dir, readOnly: true });
    await expectExact(reader);
    const notices: string[] = [];
    const notice = (line: string) => void notices.push(line);
    const store = await openEmbeddedStore({ dir, notice });
    await expectExact(reader);
    await reader.close();
    await expectExact(store);
    const again = await store.hits.record(hits, AT);
    expect(again.every(({ result }) => result === 'duplicate')).toBe(true);
    expect((await store.hits.changedSince(0, 100)).totals).toHaveLength(CALLS + 1);
    expect(await verifyStore(store)).toMatchObject({ ok: true, wrongSums: 0 });
    await store.close();
    expect([notices, journalRows(dir)]).toEqual([[], []]);
  });

  test('is added whole or not at all when the server is killed again and again while it starts', async () => {
    const { dir, hits } = await killedBeforeApply();
    const random = seeded(3);
    for (let start = 0; start < 8; start++) {
      const program = startProgram('holder.ts', [dir]);
      await new Promise((resolve) => setTimeout(resolve, 150 + random() * 250));
      await program.kill();
    }
    const store = await openEmbeddedStore({ dir });
    await expectExact(store);
    expect((await store.hits.record(hits, AT)).every(({ result }) => result === 'duplicate')).toBe(true);
    expect(await verifyStore(store)).toMatchObject({ ok: true });
    await store.close();
  }, 60_000);

  test('loses a damaged row, whichever bit it is, says so and keeps it; the others are added', async () => {
    const { dir, hits } = await killedBeforeApply();
    const rows = journalRows(dir);
    const path = join(dir, 'store.sqlite');
    const [sound, acknowledged] = [readFileSync(path), readFileSync(join(dir, 'acknowledged'))];
    const random = seeded(4);
    for (let flip = 0; flip < 12; flip++) {
      const row = rows[Math.floor(random() * rows.length)];
      const from = sound.indexOf(row?.hits ?? 'nowhere');
      expect(from).toBeGreaterThan(0);
      const at = from + Math.floor(random() * (row?.hits.byteLength ?? 0));
      const bytes = Buffer.from(sound);
      bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8))) & 0xff, at);
      writeFileSync(path, bytes);
      writeFileSync(join(dir, 'acknowledged'), acknowledged);
      const found = await verifyStore(dir);
      expect(found).toMatchObject({ ok: false, database: [`row ${row?.seq} of the journal is damaged`] });
      const notices: string[] = [];
      const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
      expect(notices[0]).toContain('1 rows of the journal were damaged');
      const lost = (await store.queries.outcomes()).find(({ reason }) => reason === 'lost-on-disk');
      const again = (await store.hits.record(hits, AT)).filter(({ result }) => result === 'counted');
      // Sent again, what was lost is counted, and nothing else.
      expect(again).toHaveLength(lost?.count ?? 0);
      // Of duplicates nothing is lost.
      expect(notices[1] ?? '').toContain(lost ? `lacks ${lost.count} hits` : '');
      expect((await store.queries.bucket(PAY))?.hits).toBe((CALLS * (CALLS + 1)) / 2);
      const { received, settled } = await balanceOf(store, 'hits');
      expect(settled).toBe(received);
      expect(await verifyStore(store)).toMatchObject({ ok: true, aside: flip + 1 });
      await store.close();
    }
  }, 60_000);

  test('of which a row is missing says so', async () => {
    const { dir } = await killedBeforeApply();
    const [, second] = journalRows(dir);
    const db = new DatabaseSync(join(dir, 'store.sqlite'));
    db.prepare('DELETE FROM journal WHERE seq = ?').run(second?.seq ?? 0);
    db.close();
    const notices: string[] = [];
    const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
    expect(notices).toEqual([
      expect.stringContaining('1 rows of the journal were damaged'),
      expect.stringContaining('store.sqlite lacks 2 hits'),
    ]);
    await store.close();
  });
});

test('ids of the version before are known in this one', async () => {
  const dir = temporaryFolder();
  const first = await openEmbeddedStore({ dir });
  const hit = hitOn(bucketNamed('pay'), { count: 3 });
  await first.hits.record([hit], AT);
  await first.close();
  makeFirstLayout(dir, [hit], AT);
  await expect(openEmbeddedStore({ dir, readOnly: true })).rejects.toMatchObject({ code: 'not-found' });
  const store = await openEmbeddedStore({ dir });
  expect((await store.hits.record([hit], AT))[0]?.result).toBe('duplicate');
  expect((await store.queries.bucket(PAY))?.hits).toBe(3);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
  await store.close();
});

test('a store of a later program is refused, and left as it is', async () => {
  const dir = temporaryFolder();
  await (await openEmbeddedStore({ dir })).close();
  const db = new DatabaseSync(join(dir, 'store.sqlite'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  await expect(openEmbeddedStore({ dir })).rejects.toMatchObject({ code: 'newer' });
});
