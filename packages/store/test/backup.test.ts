import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bucketId } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import { backupStore, openEmbeddedStore, restoreStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT, textOf } from './support/material.ts';

const PAY = bucketNamed('pay');

/** A folder with a hit, a pending and an uploaded entry, and a file of somebody else's, closed. */
async function someStore(): Promise<{
  readonly dir: string;
  readonly hit: Hit;
  readonly ids: readonly string[];
}> {
  const dir = temporaryFolder();
  const store = await openEmbeddedStore({ dir });
  const hit = hitOn(PAY, { count: 5 });
  await store.hits.record([hit], AT);
  const ids = [];
  for (const text of ['one', 'two']) {
    const { frame, header } = await frameOf(PAY, text);
    await store.entries.add(chunksOf(frame), admit, AT);
    ids.push(header.entryId);
  }
  await store.entries.mark(ids[1] ?? '', RECEIPT);
  await store.close();
  writeFileSync(join(dir, 'server-key.pem'), 'a key');
  writeFileSync(join(dir, 'server.json'), 'where it runs');
  return { dir, hit, ids };
}

const elsewhere = (dir: string, name: string) => join(dirname(dir), name);

/** Acts of the busy writer that are in what it has printed: begun, and done. */
function actsIn(printed: string) {
  const lines = printed.split('\n').slice(0, -1);
  const done = new Set(lines.filter((line) => line.startsWith('! ')).map((line) => Number(line.slice(2))));
  type Act = { number: number; hits?: Hit[]; add?: string; length?: number; drop?: string };
  const begun = lines.filter((line) => line.startsWith('? ')).map((line): Act => JSON.parse(line.slice(2)));
  return { begun, done: begun.filter(({ number }) => done.has(number)) };
}

test('a backup beside a busy server holds everything that was acknowledged before it, and a restore checks it', async () => {
  const dir = temporaryFolder();
  const writer = startProgram('busy-writer.ts', [dir, '7']);
  onTestFinished(() => writer.kill());
  await writer.says('! 60\n');
  for (const round of ['a', 'b']) {
    const before = actsIn(writer.stdout).done;
    const { ok, entries } = await backupStore(dir, elsewhere(dir, round));
    writer.signal('SIGSTOP');
    const dropped = new Set(actsIn(writer.stdout).begun.map(({ drop }) => drop));
    expect(ok).toBe(true);
    expect(entries).toBeGreaterThan(0);

    const restored = elsewhere(dir, `${round}-restored`);
    await restoreStore(elsewhere(dir, round), restored);
    const store = await openEmbeddedStore({ dir: restored });
    for (const { hits, add, length } of before) {
      const again = await store.hits.record(hits ?? [], AT);
      expect(again.every(({ result }) => result === 'duplicate')).toBe(true);
      if (add && !dropped.has(add)) expect((await textOf(store, add))?.length).toBe(length);
    }
    expect(await verifyStore(store)).toMatchObject({ ok: true, aside: 0 });
    await store.close();
    writer.signal('SIGCONT');
  }
}, 120_000);

describe('a restored store', () => {
  test('shows what the first one showed and counts under a new epoch, of which nothing is offered yet', async () => {
    const { dir, hit, ids } = await someStore();
    const first = await openEmbeddedStore({ dir });
    // Still in the journal while the backup is made.
    await first.hits.record([hitOn(PAY, { count: 2 })], AT);
    await backupStore(dir, elsewhere(dir, 'backup'));
    const before = await first.identity.origin();
    const held = [await first.queries.buckets(), await first.queries.entries()];
    await first.close();

    const dirAgain = elsewhere(dir, 'again');
    const { origin } = await restoreStore(elsewhere(dir, 'backup'), dirAgain);
    expect(origin.id).toBe(before.id);
    expect(origin.epoch).toBeGreaterThan(before.epoch);
    const store = await openEmbeddedStore({ dir: dirAgain });
    expect([await store.queries.buckets(), await store.queries.entries()]).toEqual(held);
    expect(await store.identity.origin()).toEqual(origin);
    expect((await store.hits.changedSince(0, 10)).totals).toEqual([{ bucket: PAY, hits: 0 }]);
    expect(await store.hits.record([hit], AT)).toMatchObject([{ result: 'duplicate' }]);
    await store.hits.record([hitOn(PAY)], AT);
    expect((await store.hits.changedSince(0, 10)).totals).toEqual([{ bucket: PAY, hits: 1 }]);
    expect((await store.queries.bucket(bucketId(PAY)))?.hits).toBe(8);
    expect((await store.entries.read(ids[1] ?? ''))?.entry.receipts).toEqual([RECEIPT]);
    await store.close();
  });

  test('has what others keep in the folder, but not what holds for the first one only', async () => {
    const { dir } = await someStore();
    await backupStore(dir, elsewhere(dir, 'backup'), { without: ['server.json'] });
    await restoreStore(elsewhere(dir, 'backup'), elsewhere(dir, 'again'));
    expect(readFileSync(join(elsewhere(dir, 'again'), 'server-key.pem'), 'utf8')).toBe('a key');
    const names = readdirSync(elsewhere(dir, 'again')).sort();
    expect(names).toEqual([
      'acknowledged',
      'aside',
      'entries',
      'holder.json',
      'layout.json',
      'lock.sqlite',
      'server-key.pem',
      'store.sqlite',
    ]);
  });

  test('is not final where whoever restores does not accept it', async () => {
    const { dir } = await someStore();
    await backupStore(dir, elsewhere(dir, 'backup'));
    const accept = async () => Promise.reject(new Error('not this one'));
    await expect(restoreStore(elsewhere(dir, 'backup'), elsewhere(dir, 'again'), { accept })).rejects.toThrow(
      /^not this one$/,
    );
    await expect(openEmbeddedStore({ dir: elsewhere(dir, 'again') })).rejects.toMatchObject({
      code: 'foreign',
      message: expect.stringContaining('broken off'),
    });
  });
});

describe('refused with one line, and nothing is touched:', () => {
  test('a folder that is not empty, for a backup and for a restore', async () => {
    const { dir } = await someStore();
    const full = elsewhere(dir, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'a file'), 'text');
    await backupStore(dir, elsewhere(dir, 'backup'));
    for (const work of [
      () => backupStore(dir, full),
      () => restoreStore(elsewhere(dir, 'backup'), full),
      () => restoreStore(elsewhere(dir, 'backup'), dir),
      () => backupStore(dir, join(dir, 'entries', 'backup')),
    ])
      await expect(work()).rejects.toMatchObject({
        code: 'foreign',
        message: expect.stringMatching(/not empty|inside/),
      });
    expect(readdirSync(full)).toEqual(['a file']);
  });

  test('what is no backup, or one that was broken off, or is served as if it were a store', async () => {
    const { dir } = await someStore();
    await expect(restoreStore(dir, elsewhere(dir, 'again'))).rejects.toMatchObject({ code: 'foreign' });
    expect(existsSync(elsewhere(dir, 'again'))).toBe(false);
    await backupStore(dir, elsewhere(dir, 'backup'));
    await expect(openEmbeddedStore({ dir: elsewhere(dir, 'backup') })).rejects.toMatchObject({
      code: 'foreign',
      message: expect.stringContaining('restore'),
    });
  });

  test.for(['entry', 'database', 'other file', 'missing entry'])(
    'a backup whose %s is damaged',
    async (what) => {
      const { dir } = await someStore();
      const backup = elsewhere(dir, 'backup');
      await backupStore(dir, backup);
      const [entry = ''] = entryFiles(backup);
      const path =
        { entry, database: 'store.sqlite', 'other file': 'server-key.pem', 'missing entry': entry }[what] ??
        '';
      const bytes = readFileSync(join(backup, path));
      bytes[100 % bytes.length] = (bytes[100 % bytes.length] ?? 0) ^ 4;
      writeFileSync(join(backup, path), what === 'missing entry' ? '' : bytes);
      await expect(restoreStore(backup, elsewhere(dir, 'again'))).rejects.toMatchObject({ code: 'damaged' });
      await expect(openEmbeddedStore({ dir: elsewhere(dir, 'again') })).rejects.toMatchObject({
        code: 'foreign',
      });
    },
  );
});

test('an entry that is damaged is named and left out, and the backup is good without it', async () => {
  const { dir, ids } = await someStore();
  const path = join(dir, entryFiles(dir).find((name) => name.includes(ids[0] ?? '')) ?? '');
  const text = readFileSync(path, 'latin1');
  writeFileSync(path, text.replace('one', 'eno'), 'latin1');
  const report = await backupStore(dir, elsewhere(dir, 'backup'));
  expect(report).toMatchObject({ ok: false, entries: 1, damaged: [{ entryId: ids[0] }] });
  await restoreStore(elsewhere(dir, 'backup'), elsewhere(dir, 'again'));
  const store = await openEmbeddedStore({ dir: elsewhere(dir, 'again') });
  expect((await store.queries.entries()).rows.map(({ entryId }) => entryId)).toEqual([ids[1]]);
  await store.close();
});

test('a receipt that is appended after the backup is not in it', async () => {
  const { dir, ids } = await someStore();
  await backupStore(dir, elsewhere(dir, 'backup'));
  appendFileSync(join(dir, entryFiles(dir)[0] ?? ''), 'something behind\n');
  await restoreStore(elsewhere(dir, 'backup'), elsewhere(dir, 'again'));
  const store = await openEmbeddedStore({ dir: elsewhere(dir, 'again') });
  expect((await store.entries.read(ids[0] ?? ''))?.entry.receipts).toEqual([]);
  await store.close();
});
