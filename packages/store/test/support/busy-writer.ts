/**
 * Writes into a store until it is killed. Prints what it is about to do and, after the acknowledgement, that it was
 * done: `? {…}` and `! n`. A third argument begins the names of its buckets.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedStore } from '@fr/store/embedded';
import { admit, bucketNamed, chunksOf, frameOf, hitOn, RECEIPT, seeded } from './material.ts';

const [dir = '', seed = '0', prefix = 'b'] = process.argv.slice(2);
const random = seeded(Number(seed));
const store = await openEmbeddedStore({ dir });
writeSync(1, 'ready\n');

let last = 0;

async function act(what: object, work: () => Promise<unknown>): Promise<void> {
  last += 1;
  const number = last;
  await say(`? ${JSON.stringify({ number, ...what })}\n`);
  await work();
  await say(`! ${number}\n`);
}

/** Whole lines, at once; waits only while nobody reads. */
async function say(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await sleep(1);
    }
  }
}

async function countSome(): Promise<void> {
  for (;;) {
    const hits = Array.from({ length: 1 + Math.floor(random() * 5) }, () =>
      hitOn(bucketNamed(`${prefix}${Math.floor(random() * 6)}`), { count: 1 + Math.floor(random() * 3) }),
    );
    await act({ hits }, () => store.hits.record(hits, Date.now()));
  }
}

async function storeSome(): Promise<void> {
  for (;;) {
    const text = 'x'.repeat(Math.floor(random() ** 3 * 100_000));
    const { header, frame } = await frameOf(bucketNamed(`${prefix}${Math.floor(random() * 30)}`), text);
    const { entryId } = header;
    await act({ add: entryId, length: text.length }, () =>
      store.entries.add(chunksOf(frame), admit, Date.now()),
    );
    if (random() < 0.4) await act({ mark: entryId }, () => store.entries.mark(entryId, RECEIPT));
    if (random() < 0.2) await act({ drop: entryId }, () => store.entries.drop(entryId, 'retention'));
  }
}

await Promise.all([countSome(), countSome(), storeSome(), storeSome(), storeSome()]);
