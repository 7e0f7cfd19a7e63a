import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bucketId } from '@fr/bucket';
import { openEmbeddedStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, RECEIPT, textOf } from './support/material.ts';
import { BUCKET, MARKED } from './support/scenario.ts';

/** Buckets the next start will look at. */
function noted(dir: string): readonly unknown[] {
  const db = new DatabaseSync(join(dir, 'store.sqlite'), { readOnly: true });
  const rows = db.prepare('SELECT bucket_id FROM touched').all();
  db.close();
  return rows.map((row) => row['bucket_id']);
}

describe('a start', () => {
  test('has nothing to look at after a clean stop', async () => {
    const dir = temporaryFolder();
    const store = await openEmbeddedStore({ dir });
    for (const name of ['pay', 'ship', 'book']) {
      const { frame, header } = await frameOf(bucketNamed(name), name);
      await store.entries.add(chunksOf(frame), admit, AT);
      if (name === 'ship') await store.entries.mark(header.entryId, RECEIPT);
      if (name === 'book') await store.entries.drop(header.entryId, 'administrator');
    }
    expect(noted(dir)).toHaveLength(3);
    await store.close();
    expect(noted(dir)).toEqual([]);
  });

  test('looks at the folders that were in use when the process was killed, before anybody is served', async () => {
    const dir = temporaryFolder();
    const program = startProgram('killed-scenario.ts', [dir, '.uploaded', 'before']);
    expect((await program.ended).signal).toBe('SIGKILL');
    expect(noted(dir)).toEqual([bucketId(BUCKET)]);
    writeFileSync(join(dir, 'entries', bucketId(BUCKET), `${MARKED}.9.tmp`), 'an arrival that was cut off');
    const store = await openEmbeddedStore({ dir });
    expect((await store.entries.read(MARKED))?.entry.state).toBe('uploaded');
    expect(entryFiles(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await store.close();
    expect(noted(dir)).toEqual([]);
  });

  test('looks once more at a folder in which something went wrong', async () => {
    const dir = temporaryFolder();
    const store = await openEmbeddedStore({ dir });
    const { frame, header } = await frameOf(bucketNamed('pay'), 'whole');
    const cut = chunksOf(frame.subarray(0, frame.byteLength - 9));
    await expect(store.entries.add(cut, admit, AT)).rejects.toThrow();
    await store.close();
    expect(noted(dir)).toEqual([bucketId(bucketNamed('pay'))]);
    const again = await openEmbeddedStore({ dir });
    expect(noted(dir)).toEqual([]);
    await again.entries.add(chunksOf(frame), admit, AT);
    expect(await textOf(again, header.entryId)).toBe('whole');
    await again.close();
  });
});
