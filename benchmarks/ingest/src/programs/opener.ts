/** Opens a folder, says how long it took, and can be given something to do before it is killed. `DIR`. */
import { describePart, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore } from '@fr/store/embedded';
import { answer } from '../program.ts';
import { bucketNumber, hitOn } from '../traffic.ts';

const [dir = ''] = process.argv.slice(2);
const began = performance.now();
const store = await openEmbeddedStore({ dir });
const startMs = performance.now() - began;

/** Hits and an entry in each of so many buckets. */
async function work(buckets: number): Promise<void> {
  for (let n = 0; n < buckets; n++) {
    await store.hits.record([hitOn(n)], Date.now());
    const content = Buffer.from(`stack ${n}`);
    const part = describePart('stack', 'text/plain', content);
    const header = {
      ...{ entryId: uuidv7(), reportId: uuidv7(), bucket: bucketNumber(n), at: Date.now() },
      ...{ outcome: 'fatal' as const, demands: [], parts: [part] },
    };
    const frame = await printFrame(header, [{ part, content }]);
    await store.entries.add(inOne(frame), async () => ({ admit: true, credits: [] }), Date.now());
  }
}

async function* inOne(frame: Uint8Array): AsyncGenerator<Uint8Array> {
  yield frame;
}

answer(
  async ({ buckets = 0 }: { readonly buckets?: number }) => {
    await work(buckets);
    return { startMs, rss: process.memoryUsage.rss(), pid: process.pid };
  },
  () => store.close(),
);
