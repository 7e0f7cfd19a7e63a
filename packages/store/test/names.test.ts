import { bucketId } from '@fr/bucket';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import { AT, admit, chunksOf, frameOf, hitOn, textOf } from './support/material.ts';

const UGLY = [
  '../..',
  'CON',
  'a:b',
  'name. ',
  'É',
  'E\u0301',
  '\u0000',
  '\u202e',
  "'; DROP TABLE hits;--",
  '%_',
  '\ud800',
];

test('whatever a bucket is called, it is counted, stored, found again and never reaches a path', async () => {
  const dir = temporaryFolder();
  const store = await openEmbeddedStore({ dir });
  const field = fc.oneof(fc.constantFrom(...UGLY), fc.string({ unit: 'binary', maxLength: 60 }));
  const filled = fc.oneof(
    fc.constantFrom(...UGLY),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  );
  const bucket = fc.record({
    program: filled,
    programVersion: field,
    module: field,
    moduleVersion: field,
    location: filled,
  });
  await fc.assert(
    fc.asyncProperty(bucket, async (drawn) => {
      // UTF-8 carries no half of a surrogate pair; the bucket id treats it as U+FFFD, too.
      const given = Object.fromEntries(
        Object.entries(drawn).map(([name, text]) => [name, text.toWellFormed()]),
      ) as typeof drawn;
      const { frame, header } = await frameOf(given, given.location);
      await store.hits.record([hitOn(given)], AT);
      await store.entries.add(chunksOf(frame, 50), admit, AT);
      expect((await store.queries.bucket(bucketId(given)))?.bucket).toEqual(given);
      expect(await textOf(store, header.entryId)).toBe(given.location);
      const named = await store.queries.buckets({ program: given.program, limit: 1_000 });
      expect(named.rows.map((row) => row.bucketId)).toContain(bucketId(given));
    }),
    { numRuns: 40, endOnFailure: true },
  );
  for (const name of entryFiles(dir))
    expect(name).toMatch(/^entries\/b[a-z2-7]{26}\/[0-9a-f-]{36}\.pending$/);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
  await store.close();
});
