import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import type { Store } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, test, vi } from 'vitest';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import {
  AT,
  admit,
  balanceOf,
  bucketNamed,
  chunksOf,
  frameOf,
  hitOn,
  RECEIPT,
  textOf,
} from './support/material.ts';

const BUCKET = bucketNamed('pay');

async function filled(dir: string, entries: number): Promise<readonly string[]> {
  const store = await openEmbeddedStore({ dir });
  await store.hits.record([hitOn(BUCKET, { count: 5 })], AT);
  const ids: string[] = [];
  for (let n = 0; n < entries; n++) {
    const { frame, header } = await frameOf(BUCKET, `text ${n}`);
    await store.entries.add(chunksOf(frame), admit, AT + n);
    ids.push(header.entryId);
  }
  await store.close();
  return ids;
}

async function reopened<T>(
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

function pathOf(dir: string, entryId: string): string {
  return join(dir, entryFiles(dir).find((name) => name.includes(entryId)) ?? 'missing');
}

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes.readUInt8(at) ^ 4) & 0xff, at);
  writeFileSync(path, bytes);
}

describe('damage', () => {
  test('to any byte of an entry is found when it is read, and by verify', async () => {
    const dir = temporaryFolder();
    const [id = ''] = await filled(dir, 1);
    const path = pathOf(dir, id);
    const sound = readFileSync(path);
    const frameEnd = sound.indexOf('{"stored"');
    await reopened(dir, async (store) => {
      for (let at = 0; at < frameEnd; at += 7) {
        flipBit(path, at);
        await expect(store.entries.read(id)).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
        writeFileSync(path, sound);
      }
      flipBit(path, 60);
      expect(await verifyStore(store)).toMatchObject({
        ok: false,
        entries: 1,
        damaged: [{ entryId: id, bucketId: bucketId(BUCKET) }],
      });
      writeFileSync(path, sound);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    });
  });

  test('that comes while an entry is streamed is found before its part ends', async () => {
    const dir = temporaryFolder();
    const [id = ''] = await filled(dir, 1);
    await reopened(dir, async (store) => {
      const content = await store.entries.read(id);
      flipBit(pathOf(dir, id), readFileSync(pathOf(dir, id)).indexOf('text 0'));
      const reading = (async () => {
        for await (const part of content?.parts() ?? [])
          for await (const chunk of part.content) expect(chunk).toBeDefined();
      })();
      await expect(reading).rejects.toMatchObject({ code: 'damaged' });
    });
  });

  test('to files never keeps a store from starting: what is not whole is set aside, with a notice', async () => {
    const dir = temporaryFolder();
    const [short = '', lost = '', good = ''] = await filled(dir, 3);
    truncateSync(pathOf(dir, short), 40);
    rmSync(pathOf(dir, lost));
    const folder = join(dir, 'entries', bucketId(BUCKET));
    writeFileSync(join(folder, `${uuidv7()}.pending`), '');
    writeFileSync(join(folder, `${uuidv7()}.uploaded`), 'garbage\n');
    writeFileSync(join(folder, 'holiday.jpg'), 'not ours');
    writeFileSync(join(dir, 'entries', 'README'), 'not ours');
    renameSync(pathOf(dir, good), join(folder, `${good}.uploaded`));
    await reopened(dir, async (store, notices) => {
      // Not when it starts but soon after, behind everything else.
      await vi.waitFor(() => expect(notices).toHaveLength(4), 10_000);
      expect(await store.entries.read(short)).toBeUndefined();
      expect(await store.entries.read(lost)).toBeUndefined();
      expect(await textOf(store, good)).toBe('text 2');
      expect((await store.entries.read(good))?.entry.state).toBe('uploaded');
      const dropped = (await store.queries.outcomes()).filter(({ outcome }) => outcome === 'dropped');
      expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(4);
      expect(await verifyStore(store)).toMatchObject({ ok: true, entries: 1, aside: 3 });
    });
    await reopened(dir, async (_, notices) => expect(notices).toEqual([]));
    expect(existsSync(join(folder, 'holiday.jpg'))).toBe(true);
  });

  test('to the whole database costs counts but no entry, and opens a new identity or epoch', async () => {
    const dir = temporaryFolder();
    const [id = '', marked = ''] = await filled(dir, 2);
    const before = await reopened(dir, async (store) => {
      await store.entries.mark(marked, RECEIPT);
      return store.identity.origin();
    });
    writeFileSync(join(dir, 'store.sqlite'), 'this is no database, it only looks like one '.repeat(200));
    expect(await verifyStore(dir)).toMatchObject({
      ok: false,
      database: [expect.stringContaining('damaged')],
    });
    await reopened(dir, async (store, notices) => {
      expect(notices).toEqual([
        expect.stringContaining('store.sqlite was damaged'),
        expect.stringContaining('store.sqlite lacks 1 hits and 0 other changes'),
      ]);
      expect(await textOf(store, id)).toBe('text 0');
      expect((await store.entries.read(marked))?.entry).toMatchObject({
        state: 'uploaded',
        receipts: [RECEIPT],
        storedAt: AT + 1,
      });
      expect(await store.identity.origin()).not.toEqual(before);
      expect((await store.queries.bucket(bucketId(BUCKET)))?.entries).toEqual({ pending: 1, uploaded: 1 });
      const { received, settled } = await balanceOf(store, 'entries');
      expect(settled).toBe(received);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    });
  });

  test('to the id of an entry in the index keeps no store from starting, and costs no entry', async () => {
    const dir = temporaryFolder();
    const [id = ''] = await filled(dir, 1);
    const path = join(dir, 'store.sqlite');
    writeFileSync(path, readFileSync(path, 'latin1').replaceAll(id, `!${id.slice(1)}`), 'latin1');
    await reopened(dir, async (store, notices) => {
      const lost = [expect.stringContaining('1 entries have lost their files')];
      await vi.waitFor(() => expect(notices).toEqual(lost), 10_000);
      expect(await textOf(store, id)).toBe('text 0');
      expect(await verifyStore(store)).toMatchObject({ ok: true, entries: 1 });
    });
  });

  test('to pages of the database is found by verify, and repair saves what can be read', async () => {
    const dir = temporaryFolder();
    const ids = await filled(dir, 3);
    await reopened(dir, async (store) => {
      const hits = Array.from({ length: 500 }, (_, n) => hitOn(bucketNamed(`b${n}`)));
      await store.hits.record(hits, AT);
    });
    const origin = await reopened(dir, (store) => store.identity.origin());
    const path = join(dir, 'store.sqlite');
    const bytes = readFileSync(path);
    const pages = statSync(path).size / 4096;
    for (let page = pages - 4; page < pages; page++) bytes.fill(0xa5, page * 4096, page * 4096 + 4096);
    writeFileSync(path, bytes);
    const found = await verifyStore(dir);
    expect(found.ok).toBe(false);
    expect(found.database.length).toBeGreaterThan(0);
    const { repaired, notices } = await verifyStore(dir, { repair: true });
    expect(repaired).toBeDefined();
    expect(notices).toEqual([expect.stringContaining('rows were saved')]);
    expect(await verifyStore(dir)).toMatchObject({ ok: true, entries: 3, damaged: [] });
    await reopened(dir, async (store) => {
      const now = await store.identity.origin();
      expect(now.id).toBe(origin.id);
      expect(now.epoch).toBeGreaterThan(origin.epoch);
      for (const [n, id] of ids.entries()) expect(await textOf(store, id)).toBe(`text ${n}`);
      for (let n = 0; n < 500; n += 50) await store.hits.record([hitOn(bucketNamed(`b${n}`))], AT);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    });
    expect(readdirSync(join(dir, 'aside')).some((name) => name.startsWith('store.sqlite'))).toBe(true);
  });

  test('found by verify beside a running server is put right by repair, and only by that', async () => {
    const dir = temporaryFolder();
    const [broken = '', good = ''] = await filled(dir, 2);
    const folder = join(dir, 'entries', bucketId(BUCKET));
    writeFileSync(join(folder, `${uuidv7()}.pending`), 'what the look behind the start finds');
    await reopened(dir, async (store, notices) => {
      // What is damaged from now on is left to verify.
      await vi.waitFor(() => expect(notices).toHaveLength(1), 10_000);
      flipBit(pathOf(dir, broken), 50);
      const { frame, header } = await frameOf(BUCKET, 'copied in by hand');
      writeFileSync(join(folder, `${header.entryId}.pending`), frame);
      const found = await verifyStore(dir);
      expect(found).toMatchObject({ ok: false, entries: 2, unindexed: 1, damaged: [{ entryId: broken }] });
      expect(found.repaired).toBeUndefined();
      await expect(verifyStore(dir, { repair: true })).rejects.toMatchObject({ code: 'in-use' });
      const { repaired } = await verifyStore(store, { repair: true });
      expect(repaired).toMatchObject({ indexed: 1, setAside: 2 });
      expect(await verifyStore(dir)).toMatchObject({ ok: true, entries: 2, aside: 2 });
      expect(await textOf(store, good)).toBe('text 1');
      expect(await textOf(store, header.entryId)).toBe('copied in by hand');
      expect(await store.entries.read(broken)).toBeUndefined();
    });
  });
});
