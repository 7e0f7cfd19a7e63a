import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bucketId } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import type { RowFilter } from '@fr/store';
import { openEmbeddedStore, stepBack, verifyStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { makeFirstLayout, makeSecondLayout, makeThirdLayout, schemaOf } from './support/first-layout.ts';
import { temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT, textOf } from './support/material.ts';

const PAY = bucketNamed('pay');
const DAY = 86_400_000;

/** A closed folder with some hits and two entries, one uploaded. */
async function someFolder() {
  const dir = temporaryFolder();
  const store = await openEmbeddedStore({ dir });
  const hits = [1, 2, 3].map((count) => hitOn(PAY, { count }));
  await store.hits.record(hits, AT);
  const ids: string[] = [];
  for (const text of ['one', 'two']) {
    const { frame, header } = await frameOf(PAY, text);
    await store.entries.add(chunksOf(frame), admit, AT);
    ids.push(header.entryId);
  }
  await store.entries.mark(ids[1] ?? '', RECEIPT);
  await store.close();
  return { dir, hits, ids };
}

async function expectAllThere(
  dir: string,
  hits: readonly Hit[],
  ids: readonly string[],
  at = AT,
): Promise<void> {
  const store = await openEmbeddedStore({ dir });
  expect(await store.hits.record(hits, at)).toMatchObject(hits.map(() => ({ result: 'duplicate' })));
  const row = await store.queries.bucket(bucketId(PAY));
  expect([row?.hits, row?.entries]).toEqual([6, { pending: 1, uploaded: 1 }]);
  expect(await Promise.all(ids.map((id) => textOf(store, id)))).toEqual(['one', 'two']);
  expect(await verifyStore(store)).toMatchObject({ ok: true, aside: 0 });
  await store.close();
}

/** By what is kept for lists alone. */
async function expectFound(dir: string): Promise<void> {
  const store = await openEmbeddedStore({ dir });
  const filters: readonly RowFilter[] = [{ text: 'pay' }, { order: 'last-seen' }, { state: 'pending' }];
  for (const filter of filters) {
    expect((await store.queries.buckets(filter)).rows.map((row) => row.bucketId)).toEqual([bucketId(PAY)]);
    expect((await store.queries.problems(filter)).rows).toHaveLength(1);
  }
  await store.close();
}

describe('a folder', () => {
  test('of the first layout is brought forward at its first start, and nothing is lost or counted twice', async () => {
    const { dir, hits, ids } = await someFolder();
    makeFirstLayout(dir, hits, AT);
    await expectAllThere(dir, hits, ids);
    await expectFound(dir);
  });

  test('of the third layout is brought forward, and what comes then is found once by every list', async () => {
    const { dir, hits, ids } = await someFolder();
    const now = schemaOf(dir);
    makeThirdLayout(dir);
    await expectAllThere(dir, hits, ids);
    expect(schemaOf(dir)).toEqual(now);
    const store = await openEmbeddedStore({ dir });
    await store.hits.record([hitOn(PAY), hitOn(bucketNamed('paid'))], AT + DAY);
    for (const filter of [{ text: 'pai' }, { order: 'last-seen', limit: 1 }] as const)
      expect((await store.queries.problems(filter)).rows).toHaveLength(1);
    await store.close();
  });

  test('of the second layout is brought forward, and what was there before is found by every list', async () => {
    const { dir, hits, ids } = await someFolder();
    const now = schemaOf(dir);
    makeSecondLayout(dir);
    await expectAllThere(dir, hits, ids);
    expect(schemaOf(dir)).toEqual(now);
    await expectFound(dir);
  });

  test('of the second layout whose program was killed is put right at its first start', async () => {
    const { dir, hits, ids } = await someFolder();
    makeSecondLayout(dir);
    const folder = join(dir, 'entries', bucketId(PAY));
    renameSync(join(folder, `${ids[0]}.pending`), join(folder, `${ids[0]}.retention.dropped`));
    const store = await openEmbeddedStore({ dir });
    expect((await store.queries.entries()).rows.map(({ entryId }) => entryId)).toEqual([ids[1]]);
    expect(await store.hits.record(hits, AT)).toMatchObject(hits.map(() => ({ result: 'duplicate' })));
    await store.close();
  });

  test('can be brought back by one version, has the tables of then, and comes forward again', async () => {
    const { dir, hits, ids } = await someFolder();
    makeThirdLayout(dir);
    const then = schemaOf(dir);
    await expectAllThere(dir, hits, ids);
    expect(await stepBack(dir)).toBe(3);
    expect(schemaOf(dir)).toEqual(then);
    await expectAllThere(dir, hits, ids, AT + 40 * DAY);
  });

  test('with hits that are still in the journal keeps them on its way back', async () => {
    const { dir } = await someFolder();
    const writer = startProgram('busy-writer.ts', [dir, '3']);
    await writer.says('! 20\n');
    await writer.kill();
    await stepBack(dir);
    const store = await openEmbeddedStore({ dir });
    const lines = writer.stdout.split('\n');
    for (const line of lines.filter((one) => one.startsWith('? ') && one.includes('"hits"'))) {
      const act: { number: number; hits: Hit[] } = JSON.parse(line.slice(2));
      if (!lines.includes(`! ${act.number}`)) continue;
      const again = await store.hits.record(act.hits, Date.now());
      expect(again.every(({ result }) => result === 'duplicate')).toBe(true);
    }
    await store.close();
  });

  test('is not brought back while it is served', async () => {
    const { dir } = await someFolder();
    const holder = startProgram('holder.ts', [dir]);
    await holder.says('ready');
    await expect(stepBack(dir)).rejects.toMatchObject({ code: 'in-use' });
    await holder.finish();
  });

  test.for([
    ['layout', false],
    ['layout', true],
    ['tables', false],
    ['tables', true],
  ] as const)(
    'whose %s are newer is refused with the program to use (for reading: %s)',
    async ([what, readOnly]) => {
      const { dir } = await someFolder();
      await (await openEmbeddedStore({ dir, program: 'fr-admin 7.1.0' })).close();
      if (what === 'layout') writeFileSync(join(dir, 'layout.json'), '{"format":"fr-store","version":9}');
      else {
        const db = new DatabaseSync(join(dir, 'store.sqlite'));
        db.exec('PRAGMA user_version = 9');
        db.close();
      }
      // Twice: the refused program must not take the place of the one that is named.
      for (const _ of [1, 2])
        await expect(openEmbeddedStore({ dir, readOnly, program: 'fr-admin 0.1.0' })).rejects.toMatchObject({
          code: 'newer',
          message: expect.stringMatching(/(layout|version) 9\b.*; use fr-admin 7\.1\.0 or a later one$/),
        });
    },
  );
});
