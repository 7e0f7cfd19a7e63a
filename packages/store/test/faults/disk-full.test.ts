import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { type Store, StoreError } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { AT, admit, balanceOf, bucketNamed, chunksOf, frameOf, hitOn, textOf } from '../support/material.ts';

/** A small disk in memory, or why there is none. */
function smallDisk(
  options: string,
): string | { readonly at: string; readonly remount: (options: string) => void } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'small disks need root on Linux';
  const at = temporaryFolder();
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', at], { stdio: 'pipe' });
  } catch (cause) {
    return `no tmpfs can be mounted here: ${cause}`;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', at], { stdio: 'pipe' }));
  return {
    at,
    remount: (options) => execFileSync('mount', ['-o', `remount,${options}`, at], { stdio: 'pipe' }),
  };
}

/** Hits and entries until the disk is full for both; what was acknowledged. */
async function fillUp(store: Store): Promise<{ readonly hits: number; readonly entries: readonly string[] }> {
  const entries: string[] = [];
  let hits = 0;
  for (let n = 0, failures = 0; failures < 20; n++) {
    const { frame, header } = await frameOf(bucketNamed(`b${n % 20}`), 'x'.repeat(8_000));
    const works = [
      async () => {
        await store.hits.record([hitOn(bucketNamed('pay'))], AT);
        hits += 1;
      },
      async () => {
        await store.entries.add(chunksOf(frame), admit, AT);
        entries.push(header.entryId);
      },
    ];
    for (const work of works) {
      try {
        await work();
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        expect(error).toMatchObject({ code: 'storage-full' });
        failures += 1;
      }
    }
  }
  return { hits, entries };
}

async function expectKept(store: Store, hits: number, entries: readonly string[]): Promise<void> {
  expect((await store.queries.bucket(bucketId(bucketNamed('pay'))))?.hits ?? 0).toBe(hits);
  for (const id of entries) expect(await textOf(store, id)).toBe('x'.repeat(8_000));
  for (const what of ['hits', 'entries'] as const) {
    const { received, settled } = await balanceOf(store, what);
    expect(settled).toBe(received);
  }
}

describe('a full disk', () => {
  test.for([
    ['of 1 MiB', 'size=1m', 'size=4m'],
    ['without inodes', 'size=64m,nr_inodes=40', 'nr_inodes=400'],
  ] as const)(
    '%s loses nothing, is said to be full, and is written again when there is room',
    async ([, small, large], { skip }) => {
      const disk = smallDisk(small);
      if (typeof disk === 'string') return skip(disk);
      const dir = join(disk.at, 'store');
      const notices: string[] = [];
      const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
      const { hits, entries } = await fillUp(store);
      expect(entries.length).toBeGreaterThan(5);
      await expectKept(store, hits, entries);

      disk.remount(large);
      await store.hits.record([hitOn(bucketNamed('pay'))], AT);
      const { frame, header } = await frameOf(bucketNamed('new'), 'x'.repeat(8_000));
      await store.entries.add(chunksOf(frame), admit, AT);
      await store.close();
      expect(notices).toEqual([]);

      const again = await openEmbeddedStore({ dir });
      await expectKept(again, hits + 1, [...entries, header.entryId]);
      expect(await verifyStore(again)).toMatchObject({ ok: true, aside: 0 });
      await again.close();
    },
  );

  test('that something else has filled: hits go on in the room kept for them, entries wait until there is room', async ({
    skip,
  }) => {
    const disk = smallDisk('size=2m');
    if (typeof disk === 'string') return skip(disk);
    const dir = join(disk.at, 'store');
    const notices: string[] = [];
    const reserveBytes = 512 * 1024;
    const store = await openEmbeddedStore({ dir, reserveBytes, notice: (line) => notices.push(line) });
    const reserve = () => statSync(join(dir, 'reserve'), { throwIfNoEntry: false })?.size;
    expect(reserve()).toBeGreaterThan(64 * 1024);
    await store.hits.record([hitOn(bucketNamed('pay'))], AT);
    fill(join(disk.at, 'filler'));

    const tryEntry = async () => {
      const { frame } = await frameOf(bucketNamed('pay'), 'x'.repeat(8_000));
      return store.entries.add(chunksOf(frame), admit, AT);
    };
    for (let n = 0; n < 300; n++) await store.hits.record([hitOn(bucketNamed(`b${n % 30}`))], AT);
    await expect(tryEntry()).rejects.toMatchObject({ code: 'storage-full' });
    expect(reserve()).toBeUndefined();
    expect(notices).toEqual([expect.stringContaining('entries are refused')]);
    await store.hits.record([hitOn(bucketNamed('pay'))], AT);

    rmSync(join(disk.at, 'filler'));
    expect(await tryEntry()).toMatchObject({ result: 'stored' });
    expect(reserve()).toBeGreaterThan(64 * 1024);
    expect(notices).toHaveLength(2);
    await store.close();

    const again = await openEmbeddedStore({ dir, reserveBytes });
    const hits = (await again.queries.buckets()).rows.map((row) => row.hits);
    expect(hits.reduce((sum, count) => sum + count, 0)).toBe(302);
    expect(await verifyStore(again)).toMatchObject({ ok: true, aside: 0 });
    await again.close();
  });
});

/** Leaves no byte. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const size of [65_536, 4_096, 1]) {
      try {
        while (writeSync(file, Buffer.alloc(size)) === size);
      } catch {
        // Full for writes of this size.
      }
    }
  } finally {
    closeSync(file);
  }
}
