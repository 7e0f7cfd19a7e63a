/** Closes while writes still wait, with nothing else to keep the process: `DIR`. Prints `closed` at the end. */
import { openEmbeddedStore } from '@fr/store/embedded';
import { AT, bucketNamed, hitOn } from '../../support/material.ts';

const [dir = ''] = process.argv.slice(2);
const store = await openEmbeddedStore({ dir });
const works = Array.from({ length: 50 }, () => store.hits.record([hitOn(bucketNamed('pay'))], AT));
await store.close();
await Promise.all(works);
process.stdout.write('closed\n');
