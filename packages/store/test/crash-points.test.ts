import { bucketId } from '@fr/bucket';
import type { Store } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import { balanceOf, RECEIPT, textOf } from './support/material.ts';
import { BUCKET, DROPPED, disturbedDisk, MARKED, playScenario, SURPLUS } from './support/scenario.ts';

/** What had been begun and what of it acknowledged when it went wrong. */
interface Progress {
  readonly begun: Set<string>;
  readonly done: Set<string>;
}

/** What must be true after anything went wrong anywhere. */
async function expectPromisesKept(store: Store, { begun, done }: Progress): Promise<void> {
  const hits = (await store.queries.bucket(bucketId(BUCKET)))?.hits ?? 0;
  expect(done.has('hit') ? [3] : [0, 3]).toContain(hits);
  const marked = (await store.entries.read(MARKED))?.entry;
  if (done.has('add')) expect(await textOf(store, MARKED)).toBe(`text of ${MARKED}`);
  if (done.has('mark')) expect([marked?.state, marked?.receipts]).toEqual(['uploaded', [RECEIPT]]);
  const dropped = await textOf(store, DROPPED);
  if (done.has('add for one') && !begun.has('drop')) expect(dropped).toBe(`text of ${DROPPED}`);
  if (done.has('drop')) expect(dropped).toBeUndefined();
  const accepted = (await store.demands.credits()).map((credit) => credit.accepted);
  expect(accepted.every((count) => count <= 1)).toBe(true);
  if (done.has('add for one')) {
    expect(accepted).toEqual([1]);
    expect(await textOf(store, SURPLUS)).toBeUndefined();
  }
  for (const of of ['hits', 'entries'] as const) {
    const { received, settled } = await balanceOf(store, of);
    expect(settled).toBe(received);
  }
}

/** Sends everything again, as reporters and sync do when they hear nothing. */
async function expectRepeatCompletes(store: Store): Promise<void> {
  await playScenario(store, async (_, work) => {
    await work();
  });
  expect((await store.queries.bucket(bucketId(BUCKET)))?.hits).toBe(3);
  const entry = (await store.entries.read(MARKED))?.entry;
  expect([entry?.state, entry?.receipts]).toEqual(['uploaded', [RECEIPT]]);
}

describe('whatever is interrupted', () => {
  test('a process killed at any disk operation has kept its promises', async () => {
    const points = await killPoints();
    expect(points.length).toBeGreaterThan(20);
    while (points.length > 0) await Promise.all(points.splice(0, 4).map(killAt));
  }, 180_000);

  /** Before every operation, and after those that the index commit follows. */
  async function killPoints(): Promise<(readonly [string, string])[]> {
    const points: (readonly [string, string])[] = [];
    const disk = disturbedDisk((nth, side, what) => {
      if (side === 'before' || what === 'sync folder') points.push([String(nth), side]);
    });
    const store = await openEmbeddedStore({ dir: temporaryFolder(), disk });
    await playScenario(store, async (_, work) => {
      await work();
    });
    await store.close();
    return points;
  }

  async function killAt([nth, side]: readonly [string, string]): Promise<void> {
    const dir = temporaryFolder();
    const program = startProgram('killed-scenario.ts', [dir, nth, side]);
    expect((await program.ended).signal).toBe('SIGKILL');
    const lines = program.stdout.split('\n');
    const after = (word: string) =>
      new Set(lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length)));
    const store = await openEmbeddedStore({ dir });
    await expectPromisesKept(store, { begun: after('begun '), done: after('done ') });
    expect(await verifyStore(store)).toMatchObject({ ok: true, aside: 0 });
    await expectRepeatCompletes(store);
    await store.close();
  }

  test('an upload whose receipt was written but not renamed is finished by the next start', async () => {
    const dir = temporaryFolder();
    const program = startProgram('killed-scenario.ts', [dir, '.uploaded', 'before']);
    expect((await program.ended).signal).toBe('SIGKILL');
    expect(program.stdout).not.toContain('done mark');
    expect(entryFiles(dir).some((name) => name.endsWith(`${MARKED}.pending`))).toBe(true);
    const store = await openEmbeddedStore({ dir });
    const entry = (await store.entries.read(MARKED))?.entry;
    expect([entry?.state, entry?.receipts]).toEqual(['uploaded', [RECEIPT]]);
    expect(entryFiles(dir).some((name) => name.endsWith(`${MARKED}.uploaded`))).toBe(true);
    await store.close();
  });

  test('a disk operation that fails, whichever, breaks no promise, and a failed sync ends all writing', async () => {
    let failed = true;
    for (let nth = 1; failed; nth++) failed = await failAt(nth);
  }, 60_000);

  async function failAt(nth: number): Promise<boolean> {
    const dir = temporaryFolder();
    let what = '';
    const disk = disturbedDisk((now, side, operation) => {
      if (now !== nth || side === 'after') return;
      what = operation;
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    });
    const notices: string[] = [];
    const store = await openEmbeddedStore({ dir, disk, notice: (line) => notices.push(line) });
    const progress: Progress = { begun: new Set(), done: new Set() };
    await playScenario(store, async (name, work) => {
      progress.begun.add(name);
      await work().then(
        () => progress.done.add(name),
        (error) => expect(['storage-failed', 'read-only', 'not-found']).toContain(error.code),
      );
    });
    if (what.startsWith('sync')) {
      await expect(store.settings.write('a', 1)).rejects.toMatchObject({ code: 'read-only' });
      expect(notices).toEqual([expect.stringContaining('stopped writing')]);
    }
    await store.close();
    const again = await openEmbeddedStore({ dir });
    await expectPromisesKept(again, progress);
    expect(await verifyStore(again)).toMatchObject({ ok: true, aside: 0 });
    await expectRepeatCompletes(again);
    await again.close();
    return what !== '';
  }
});
