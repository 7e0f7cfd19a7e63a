/**
 * Writes far more than a slow disk takes, and asks for what it holds meanwhile: `DIR`. Prints one line of JSON at the
 * end. The disk is made slow from outside once the store is open.
 */
import { type Store, StoreError } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { AT, admit, bucketNamed, chunksOf, frameOf, hitOn } from '../../support/material.ts';

const [dir = ''] = process.argv.slice(2);
const store: Store = await openEmbeddedStore({ dir });
process.stdout.write('ready\n');

const outcomes: Record<string, number> = {};
let pending = 0;
let lastAnswered = 0;

async function note(work: Promise<unknown>): Promise<void> {
  pending += 1;
  const outcome = await work.then(
    () => 'done',
    (error) => (error instanceof StoreError ? error.code : `unexpected ${error}`),
  );
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  pending -= 1;
}

const { frame } = await frameOf(bucketNamed('pay'), 'x'.repeat(1_000));
void note(store.entries.add(chunksOf(frame), admit, AT));
const before = process.memoryUsage().rss;
for (let round = 0; round < 40; round++) {
  for (let n = 0; n < 500; n++) void note(store.hits.record([hitOn(bucketNamed('pay'))], AT));
  // What a health check asks, while all of that waits.
  await new Promise((resolve) => setImmediate(resolve));
  await store.queries.buckets();
  if (pending > 0) lastAnswered += 1;
}
const grownMiB = (process.memoryUsage().rss - before) / 1024 / 1024;
while (pending > 0) await new Promise((resolve) => setTimeout(resolve, 10));
await store.close();
process.stdout.write(`${JSON.stringify({ outcomes, answeredWhileWaiting: lastAnswered, grownMiB })}\n`);
