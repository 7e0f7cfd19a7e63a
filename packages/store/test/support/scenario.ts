import { open, rename, unlink } from 'node:fs/promises';
import type { EntryGate, Store } from '@fr/store';
import type { Disk } from '@fr/store/embedded';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT } from './material.ts';

export const BUCKET = bucketNamed('pay');
export const HIT = hitOn(BUCKET, { reportId: '0190a1b2-0000-7000-8000-000000000001', count: 3 });
export const MARKED = '0190a1b2-0000-7000-8000-00000000000a';
export const DROPPED = '0190a1b2-0000-7000-8000-00000000000b';
export const SURPLUS = '0190a1b2-0000-7000-8000-00000000000c';

const forOne: EntryGate = async () => ({
  admit: true,
  credits: [{ demandId: 'd-1', scope: '', type: 'stack', limit: 1 }],
});

async function add(store: Store, entryId: string, gate: EntryGate): Promise<string> {
  const { frame } = await frameOf(BUCKET, `text of ${entryId}`, { entryId });
  return (await store.entries.add(chunksOf(frame), gate, AT)).result;
}

/** One of everything a store does to its disk. `done` is told what was acknowledged. */
export async function playScenario(
  store: Store,
  attempt: (name: string, work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await attempt('hit', () => store.hits.record([HIT], AT));
  await attempt('add', () => add(store, MARKED, admit));
  await attempt('add for one', () => add(store, DROPPED, forOne));
  await attempt('add surplus', () => add(store, SURPLUS, forOne));
  await attempt('mark', () => store.entries.mark(MARKED, RECEIPT));
  await attempt('drop', () => store.entries.drop(DROPPED, 'retention'));
}

/** A disk on which something happens before or after the nth operation. */
export function disturbedDisk(disturb: (nth: number, side: 'before' | 'after', what: string) => void): Disk {
  let count = 0;
  const at = async (what: string, work: () => Promise<void>): Promise<void> => {
    count += 1;
    const nth = count;
    disturb(nth, 'before', what);
    await work();
    disturb(nth, 'after', what);
  };
  return {
    syncFile: (file) => at('sync file', () => file.sync()),
    syncFolder: (path) =>
      at('sync folder', async () => {
        const folder = await open(path, 'r');
        await folder.sync();
        await folder.close();
      }),
    rename: (from, to) => at(`rename to ${to}`, () => rename(from, to)),
    unlink: (path) => at('unlink', () => unlink(path)),
  };
}
