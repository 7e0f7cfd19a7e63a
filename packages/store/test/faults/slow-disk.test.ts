import { bucketId } from '@fr/bucket';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../support/child.ts';
import { temporaryFolder } from '../support/folder.ts';
import { bucketNamed } from '../support/material.ts';
import { nativeTool } from './native-tool.ts';

/** Bytes a second. 65,536 takes minutes, and says the same. */
const RATE = process.env['FR_SLOW_RATE'] ?? '524288';

test('a disk of some hundred KB and two syncs a second: questions are answered, writes refused as busy before memory grows', async ({
  skip,
}) => {
  const tool = nativeTool('shim');
  if (typeof tool === 'string') return skip(tool);
  onTestFinished(() => tool.remove());
  const dir = temporaryFolder();
  // Made on a fast disk: what matters is a server that runs when its disk gets slow.
  await (await openEmbeddedStore({ dir })).close();
  const program = startProgram('../faults/programs/slow-disk.ts', [dir], {
    LD_PRELOAD: tool.path,
    FAULT_PATH: dir,
    SLOW_MS: '500',
    SLOW_RATE: RATE,
  });
  onTestFinished(() => program.kill());
  expect((await program.ended).code).toBe(0);
  const { outcomes, answeredWhileWaiting, grownMiB } = JSON.parse(program.stdout.split('\n').at(-2) ?? '');
  expect(Object.keys(outcomes).sort()).toEqual(['busy', 'done']);
  expect(outcomes.busy).toBeGreaterThan(10_000);
  expect(answeredWhileWaiting).toBe(40);
  expect(grownMiB).toBeLessThan(128);
  const store = await openEmbeddedStore({ dir });
  const hits = (await store.queries.bucket(bucketId(bucketNamed('pay'))))?.hits ?? 0;
  expect([outcomes.done - 1, outcomes.done]).toContain(hits);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
  await store.close();
}, 900_000);
