/**
 * Counts hits in so many calls, prints them, and waits to be killed: `DIR CALLS`. What it counted lies in the journal
 * then, but for what the first call brought: that is in the tables, too.
 */
import { openEmbeddedStore } from '@fr/store/embedded';
import { AT, bucketNamed, hitOn } from '../../support/material.ts';

const [dir = '', calls = '1'] = process.argv.slice(2);
const store = await openEmbeddedStore({ dir });
const hits = Array.from({ length: Number(calls) }, (_, call) => [
  hitOn(bucketNamed('pay'), { count: call + 1 }),
  hitOn(bucketNamed(`b${call}`)),
]);
for (const [call, some] of hits.entries()) {
  await store.hits.record(some, AT);
  if (call === 0) await store.hits.changedSince(0, 1);
}
// A repeat counts as received, in the journal as in the tables.
await store.hits.record(hits.flat().slice(0, 3), AT);
process.stdout.write(`${JSON.stringify(hits.flat())}\n`);
setInterval(() => undefined, 1_000);
