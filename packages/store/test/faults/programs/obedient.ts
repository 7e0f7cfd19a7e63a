/**
 * Serves a folder and does what its input says, a line each: `hit`, `add`, `mark ID`, `drop ID`. Prints `LINE done` or
 * `LINE failed CODE`; `refused CODE` when it cannot open the folder.
 */
import { createInterface } from 'node:readline';
import type { Store } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT } from '../../support/material.ts';

const [dir = ''] = process.argv.slice(2);

async function obey(store: Store, act: string, id: string): Promise<void> {
  if (act === 'hit') await store.hits.record([hitOn(bucketNamed('pay'))], AT);
  if (act === 'mark') await store.entries.mark(id, RECEIPT);
  if (act === 'drop') await store.entries.drop(id, 'administrator');
  if (act !== 'add') return;
  const { frame } = await frameOf(bucketNamed('pay'), `text of ${id}`, { entryId: id });
  await store.entries.add(chunksOf(frame), admit, AT);
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error);

try {
  const store = await openEmbeddedStore({ dir, notice: (line) => process.stdout.write(`notice ${line}\n`) });
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const [act = '', id = ''] = line.split(' ');
    const result = await obey(store, act, id).then(
      () => 'done',
      (error) => `failed ${codeOf(error)}`,
    );
    process.stdout.write(`${line} ${result}\n`);
  }
  await store.close();
} catch (error) {
  process.stdout.write(`refused ${codeOf(error)}\n`);
}
