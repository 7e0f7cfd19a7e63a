import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { problemId } from '@fr/bucket';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn } from './support/material.ts';

const [PAY, SHIP, NO] = [bucketNamed('pay'), bucketNamed('ship'), bucketNamed('no')];

/** What a problem is found by. */
const SEARCHED = [NO.program, NO.module, NO.location].join('\n').toLowerCase();

async function filled(dir: string): Promise<void> {
  const store = await openEmbeddedStore({ dir });
  await store.hits.record([hitOn(PAY, { count: 5 }), hitOn(SHIP, { count: 7 })], AT);
  for (const bucket of [PAY, PAY, SHIP]) {
    const { frame } = await frameOf(bucket, 'text');
    await store.entries.add(chunksOf(frame), admit, AT);
  }
  await store.close();
}

async function listsOf(dir: string): Promise<unknown> {
  const store = await openEmbeddedStore({ dir });
  try {
    return [(await store.queries.buckets({})).rows, (await store.queries.problems({})).rows];
  } finally {
    await store.close();
  }
}

test.each([
  ['hits of a bucket', 'UPDATE buckets SET hits = 4 WHERE hits = 5', 2],
  ['pending entries of every bucket', 'UPDATE buckets SET pending = 9', 4],
  ['a last hit', `UPDATE problems SET last_seen = ${AT + 1} WHERE hits = 7`, 1],
  [
    'a problem without buckets',
    `INSERT INTO problems VALUES ('${problemId(NO)}', 1, '${NO.module}', '${NO.location}', '${SEARCHED}', 0, 0, 0, 0, 0, 0)`,
    1,
  ],
  ['a count of types', 'UPDATE held_types SET count = 3 WHERE count = 2', 1],
  ['a missing type', 'DELETE FROM held_types WHERE count = 2', 1],
  ['a type nobody holds, and one missing', "UPDATE held_types SET type = 'minidump' WHERE count = 1", 2],
])('%s that is wrong is found and mended', async (_what, damage, wrongSums) => {
  const dir = temporaryFolder();
  await filled(dir);
  const before = await listsOf(dir);
  const db = new DatabaseSync(join(dir, 'store.sqlite'));
  db.exec(damage);
  db.close();
  expect(await verifyStore(dir)).toMatchObject({ ok: false, wrongSums });
  expect(await verifyStore(dir, { repair: true })).toMatchObject({
    wrongSums,
    repaired: { sums: wrongSums },
  });
  expect(await verifyStore(dir)).toMatchObject({ ok: true, wrongSums: 0 });
  expect(await listsOf(dir)).toEqual(before);
});
