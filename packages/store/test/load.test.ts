import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { openEmbeddedStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';
import { startProgram } from './support/child.ts';
import { temporaryFolder } from './support/folder.ts';
import { AT, bucketNamed, hitOn } from './support/material.ts';

describe('under load', () => {
  test('writes beyond what may wait are refused as busy and not counted; the others all are', async () => {
    const store = await openEmbeddedStore({ dir: temporaryFolder() });
    const bucket = bucketNamed('pay');
    const calls = Array.from({ length: 6_000 }, () => store.hits.record([hitOn(bucket)], AT));
    const settled = await Promise.allSettled(calls);
    const counted = settled.filter(({ status }) => status === 'fulfilled').length;
    for (const one of settled) if (one.status === 'rejected') expect(one.reason.code).toBe('busy');
    expect(counted).toBeGreaterThan(1_000);
    expect(counted).toBeLessThan(6_000);
    expect((await store.queries.bucket(bucketId(bucket)))?.hits).toBe(counted);
    expect((await store.hits.record([hitOn(bucket)], AT))[0]?.result).toBe('counted');
    await store.close();
  });

  test('ids of reports are forgotten when nobody can send them any more', async () => {
    const dir = temporaryFolder();
    const store = await openEmbeddedStore({ dir });
    const day = 24 * 60 * 60 * 1_000;
    const old = Array.from({ length: 500 }, () => hitOn(bucketNamed('pay')));
    await store.hits.record(old, AT);
    await store.hits.record([hitOn(bucketNamed('pay'))], AT + 60 * day);
    await store.close();
    const later = await openEmbeddedStore({ dir });
    const again = await later.hits.record(old, AT + 60 * day);
    expect(again.every(({ result }) => result === 'counted')).toBe(true);
    await later.close();
  });

  test('closing lets what was begun finish', async () => {
    const dir = temporaryFolder();
    const store = await openEmbeddedStore({ dir });
    const bucket = bucketNamed('pay');
    const calls = Array.from({ length: 200 }, () => store.hits.record([hitOn(bucket)], AT));
    await store.close();
    expect((await Promise.all(calls)).flat().every(({ result }) => result === 'counted')).toBe(true);
    const again = await openEmbeddedStore({ dir });
    expect((await again.queries.bucket(bucketId(bucket)))?.hits).toBe(200);
    await again.close();
  });

  test('a process with nothing else to do stays until its store is closed', async () => {
    const dir = temporaryFolder();
    const program = startProgram('../faults/programs/hasty.ts', [dir]);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout).toBe('closed\n');
    expect(existsSync(join(dir, 'store.sqlite-wal'))).toBe(false);
  });

  test('a large part passes through in pieces, never whole in memory', async () => {
    const program = startProgram('big-entry.ts', [temporaryFolder(), '256']);
    await program.ended;
    expect(program.stderr).toBe('');
    const { bytes, maxMiB } = JSON.parse(program.stdout);
    expect(bytes).toBe(256 * 1024 * 1024);
    expect(maxMiB).toBeLessThan(250);
  }, 60_000);
});
