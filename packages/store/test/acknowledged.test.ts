import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import type { Store } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, textOf } from './support/material.ts';

const PAY = bucketNamed('pay');

/** A folder as a kill leaves it: ten hits in the tables, five and an entry and a setting only in the log. */
async function killed(): Promise<{ readonly dir: string; readonly entryId: string }> {
  const [live, dir] = [temporaryFolder(), temporaryFolder()];
  const first = await openEmbeddedStore({ dir: live });
  await record(first, 10);
  await first.close();
  const store = await openEmbeddedStore({ dir: live });
  await record(store, 5);
  const { frame, header } = await frameOf(PAY, 'text');
  await store.entries.add(chunksOf(frame), admit, AT);
  await store.settings.write('tokens', ['revoked']);
  cpSync(live, dir, { recursive: true });
  await store.close();
  return { dir, entryId: header.entryId };
}

async function record(store: Store, hits: number): Promise<void> {
  for (let n = 0; n < hits; n++) await store.hits.record([hitOn(PAY)], AT);
}

async function opened<T>(
  dir: string,
  work: (store: Store, notices: readonly string[]) => Promise<T>,
): Promise<T> {
  const notices: string[] = [];
  const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
  try {
    return await work(store, notices);
  } finally {
    await store.close();
  }
}

async function countsOf(store: Store): Promise<{ readonly hits: number; readonly lost: number }> {
  const lost = (await store.queries.outcomes()).find(({ reason }) => reason === 'lost-on-disk');
  return { hits: (await store.queries.bucket(bucketId(PAY)))?.hits ?? 0, lost: lost?.count ?? 0 };
}

describe('what was acknowledged', () => {
  test('and is there after a kill is nothing to speak of', async () => {
    const { dir } = await killed();
    await opened(dir, async (store, notices) => {
      expect([await countsOf(store), notices]).toEqual([{ hits: 15, lost: 0 }, []]);
    });
  });

  test.each([
    ['a turned bit at the beginning of the log', (log: string) => turnBit(log, 40)],
    ['a log cut to its header', (log: string) => truncateSync(log, 32)],
    ['a log that is gone', (log: string) => rmSync(log)],
  ])('is missed for %s: said once, counted as lost, and entries are found again', async (_what, damage) => {
    const { dir, entryId } = await killed();
    damage(join(dir, 'store.sqlite-wal'));
    const before = await opened(dir, async (store, notices) => {
      expect(notices).toEqual([expect.stringMatching(/^store.sqlite lacks 5 hits and \d+ other changes/)]);
      expect(await countsOf(store)).toEqual({ hits: 10, lost: 5 });
      expect(await textOf(store, entryId)).toBe('text');
      expect(await verifyStore(store)).toMatchObject({ ok: true });
      await record(store, 1);
      return store.identity.origin();
    });
    await opened(dir, async (store, notices) => {
      expect([await countsOf(store), notices]).toEqual([{ hits: 11, lost: 5 }, []]);
      expect(await store.identity.origin()).toEqual(before);
    });
  });

  test('is missed where a database of yesterday was put in the place of today’s, and totals begin anew', async () => {
    const dir = temporaryFolder();
    const yesterday = await opened(dir, async (store) => {
      await record(store, 3);
      return store.identity.origin();
    });
    const copy = readFileSync(join(dir, 'store.sqlite'));
    await opened(dir, (store) => record(store, 4));
    writeFileSync(join(dir, 'store.sqlite'), copy);
    await opened(dir, async (store, notices) => {
      expect(notices).toEqual([expect.stringContaining('lacks 4 hits and 0 other changes')]);
      expect((await store.identity.origin()).epoch).toBeGreaterThan(yesterday.epoch);
    });
  });

  test('is not missed where the file that says so is damaged or missing', async () => {
    const { dir } = await killed();
    turnBit(join(dir, 'acknowledged'), 3);
    rmSync(join(dir, 'store.sqlite-wal'));
    await opened(dir, async (store, notices) => {
      expect([(await countsOf(store)).hits, notices]).toEqual([10, []]);
    });
    rmSync(join(dir, 'acknowledged'));
    await opened(dir, async (store, notices) => {
      expect([(await countsOf(store)).hits, notices]).toEqual([10, []]);
    });
  });
});

function turnBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes.readUInt8(at) ^ 4) & 0xff, at);
  writeFileSync(path, bytes);
}
