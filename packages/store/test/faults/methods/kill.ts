/**
 * A writer killed at a random moment, again and again.
 * @module
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { startProgram } from '../../support/child.ts';
import { seeded } from '../../support/material.ts';
import { Ledger } from '../ledger.ts';
import { cyclesOf, type Extent, type Figures, inCycle } from '../run.ts';

/** Kills one folder has to live through; then a new one is begun, so that looking at all of it stays cheap. */
const KILLS_PER_FOLDER = 50;

export async function killLoop(extent: Extent): Promise<Figures> {
  const random = seeded(extent.seed);
  let folder = { dir: join(extent.dir, '0'), ledger: new Ledger() };
  let [cycles, acknowledged] = [0, 0];
  for (const cycle of cyclesOf(extent)) {
    if (cycle > 0 && cycle % KILLS_PER_FOLDER === 0) {
      acknowledged += await settleUp(folder.dir, folder.ledger);
      folder = { dir: join(extent.dir, String(cycle)), ledger: new Ledger() };
    }
    const { dir, ledger } = folder;
    await inCycle(`seed ${extent.seed}, cycle ${cycle}`, () =>
      killOnce(dir, extent.seed * 1e5 + cycle, random, ledger),
    );
    cycles += 1;
  }
  acknowledged += await settleUp(folder.dir, folder.ledger);
  return { cycles, acknowledged };
}

async function killOnce(dir: string, seed: number, random: () => number, ledger: Ledger): Promise<void> {
  const writer = startProgram('busy-writer.ts', [dir, String(seed)]);
  await writer.says('ready');
  await sleep(random() * 150);
  await writer.kill();
  const store = await openEmbeddedStore({ dir });
  await ledger.settle(store, writer.stdout);
  await ledger.check(store);
  await store.close();
}

async function settleUp(dir: string, ledger: Ledger): Promise<number> {
  const store = await openEmbeddedStore({ dir });
  await ledger.checkAll(store);
  const { ok, damaged, unindexed, wrongSums, aside } = await verifyStore(store);
  assert.deepEqual(
    { ok, damaged, unindexed, wrongSums, aside },
    { ok: true, damaged: [], unindexed: 0, wrongSums: 0, aside: 0 },
  );
  await store.close();
  return ledger.acknowledged;
}
