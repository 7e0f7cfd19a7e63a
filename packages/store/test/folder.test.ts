import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId, bucketKey } from '@fr/bucket';
import { StoreError } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT, textOf } from './support/material.ts';

/** An entry may be dropped by its writer while somebody else reads it; everything else is an error. */
function unlessDropped(error: unknown): undefined {
  if (!(error instanceof StoreError && error.code === 'not-found')) throw error;
}

describe('a store folder', () => {
  test('is served by one process at a time; the second is told by which', async () => {
    const dir = temporaryFolder();
    const first = startProgram('holder.ts', [dir]);
    await first.says('ready');
    await expect(openEmbeddedStore({ dir })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'in-use',
      message: expect.stringContaining(`process ${first.pid}`),
    });
    expect((await first.finish()).code).toBe(0);
    const store = await openEmbeddedStore({ dir });
    await store.close();
  });

  test('is free at once when the process that served it is killed', async () => {
    const dir = temporaryFolder();
    const first = startProgram('holder.ts', [dir]);
    await first.says('ready');
    await first.kill();
    const store = await openEmbeddedStore({ dir });
    await store.close();
  });

  test('stays held when its own process tries to open it once more', async () => {
    const dir = temporaryFolder();
    const store = await openEmbeddedStore({ dir });
    await expect(openEmbeddedStore({ dir })).rejects.toMatchObject({ code: 'in-use' });
    const reader = await openEmbeddedStore({ dir, readOnly: true });
    await reader.close();
    const other = startProgram('holder.ts', [dir]);
    await other.says('refused in-use');
    await store.close();
  });

  test('can be read beside a running server, and written only by that', async () => {
    const dir = temporaryFolder();
    const bucket = bucketNamed('pay');
    const server = await openEmbeddedStore({ dir });
    const reader = await openEmbeddedStore({ dir, readOnly: true });
    await server.hits.record([hitOn(bucket)], AT);
    const { frame, header } = await frameOf(bucket, 'at main');
    await server.entries.add(chunksOf(frame), admit, AT);
    expect((await reader.queries.bucket(bucketId(bucket)))?.hits).toBe(1);
    expect(await textOf(reader, header.entryId)).toBe('at main');
    await server.entries.mark(header.entryId, RECEIPT);
    expect((await reader.entries.read(header.entryId))?.entry.state).toBe('uploaded');
    const writes = [
      () => reader.hits.record([hitOn(bucket)], AT),
      () => reader.identity.openEpoch(),
      () => reader.entries.add(chunksOf(frame), admit, AT),
      () => reader.entries.mark(header.entryId, RECEIPT),
      () => reader.entries.drop(header.entryId, 'retention'),
      () => reader.demands.replace('own', [], [], AT),
      () => reader.settings.write('a', 1),
    ];
    for (const write of writes) await expect(write()).rejects.toMatchObject({ code: 'read-only' });
    await reader.close();
    await server.close();
    const later = await openEmbeddedStore({ dir, readOnly: true });
    expect(await textOf(later, header.entryId)).toBe('at main');
    await later.close();
  });

  test('can be read by another process while it is written, and after the writer was killed', async () => {
    const dir = temporaryFolder();
    const writer = startProgram('busy-writer.ts', [dir, '7']);
    // By then there are some dozen entries, of which every other stays pending.
    await writer.says('! 400');
    const reader = await openEmbeddedStore({ dir, readOnly: true });
    const readAll = async () => {
      let entries = 0;
      for await (const { header } of reader.entries.pending()) {
        // The writer may drop it between listing and reading; what is there must be whole.
        const text = await textOf(reader, header.entryId).catch(unlessDropped);
        if (text !== undefined) expect(text.length).toBe(header.parts[0]?.bytes);
        entries += 1;
      }
      return entries;
    };
    expect((await reader.queries.buckets()).rows.length).toBeGreaterThan(0);
    expect(await readAll()).toBeGreaterThan(0);
    await writer.kill();
    expect(await readAll()).toBeGreaterThan(0);
    expect((await reader.queries.buckets()).rows.length).toBeGreaterThan(0);
    await reader.close();
  });

  test('is not made by a reader', async () => {
    const dir = temporaryFolder();
    await expect(openEmbeddedStore({ dir, readOnly: true })).rejects.toMatchObject({ code: 'not-found' });
    expect(() => statSync(dir)).toThrow();
  });

  test('with other files in it is refused and left alone', async () => {
    const dir = temporaryFolder();
    mkdirSync(dir);
    writeFileSync(join(dir, 'thesis.txt'), 'years of work');
    await expect(openEmbeddedStore({ dir })).rejects.toMatchObject({ code: 'foreign' });
    for (const layout of ['{"format":"other","version":1}', 'not json', '[]', '{"format":"fr-store"}']) {
      writeFileSync(join(dir, 'layout.json'), layout);
      await expect(openEmbeddedStore({ dir })).rejects.toMatchObject({ code: 'foreign' });
    }
    expect(readdirSync(dir).sort()).toEqual(['layout.json', 'thesis.txt']);
  });

  test('of a newer layout is refused, with what to do about it', async () => {
    const dir = temporaryFolder();
    await (await openEmbeddedStore({ dir })).close();
    writeFileSync(join(dir, 'layout.json'), '{"format":"fr-store","version":2}');
    for (const readOnly of [false, true])
      await expect(openEmbeddedStore({ dir, readOnly })).rejects.toMatchObject({
        code: 'newer',
        message: expect.stringContaining('use the version that wrote it or a later one'),
      });
  });

  test('a folder whose making was cut short is made whole', async () => {
    const dir = temporaryFolder();
    mkdirSync(dir);
    writeFileSync(join(dir, 'layout.json.tmp'), '{"for');
    const store = await openEmbeddedStore({ dir });
    await store.close();
  });

  test('belongs to its owner alone and says in words what its names stand for', async () => {
    const dir = temporaryFolder();
    const bucket = { ...bucketNamed('pay'), program: '../../evil\u0000|COM1', module: 'a'.repeat(500) };
    const store = await openEmbeddedStore({ dir });
    const { frame, header } = await frameOf(bucket, 'at main');
    await store.entries.add(chunksOf(frame), admit, AT);
    const folder = join(dir, 'entries', bucketId(bucket));
    expect(entryFiles(dir)).toEqual([join('entries', bucketId(bucket), `${header.entryId}.pending`)]);
    expect(JSON.parse(readFileSync(join(folder, 'bucket.json'), 'utf8')).key).toBe(bucketKey(bucket));
    for (const path of readdirSync(dir, { recursive: true }).map(String)) {
      const { mode } = statSync(join(dir, path));
      expect([path, (mode & 0o777).toString(8)]).toEqual([path, mode & 0o040000 ? '700' : '600']);
    }
    const text = readFileSync(join(folder, `${header.entryId}.pending`), 'utf8');
    expect(text.split('\n')[0]).toBe('fr-entry 1');
    await store.close();
  });

  test('is not left by ids that look like paths', async () => {
    const dir = temporaryFolder();
    const store = await openEmbeddedStore({ dir });
    for (const id of ['../../../etc/passwd', '..', '', 'a\u0000b', '%2e%2e%2f']) {
      expect(await store.entries.read(id)).toBeUndefined();
      expect(await store.entries.drop(id, 'administrator')).toBe(false);
      await expect(store.entries.mark(id, RECEIPT)).rejects.toMatchObject({ code: 'not-found' });
      expect(await store.queries.bucket(id)).toBeUndefined();
    }
    await store.close();
  });
});
