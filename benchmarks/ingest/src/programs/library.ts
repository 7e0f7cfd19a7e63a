/** Hits through the store as a library, in calls of so many, so many at once. `DIR`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedStore } from '@fr/store/embedded';
import { cpuMicros } from '../figures.ts';
import { answer } from '../program.ts';
import { hitOn, zipf } from '../traffic.ts';

const [dir = ''] = process.argv.slice(2);
const store = await openEmbeddedStore({ dir });
const draw = zipf(1);

/** What was put off is done in this time, and counted. */
const AFTERMATH_MS = 7_000;

interface Question {
  /** Every bucket once, one after the other, or as the law says. */
  readonly buckets: 'each once' | 'drawn';
  readonly hits: number;
  readonly perCall: number;
  readonly atOnce: number;
}

answer<Question>(
  async ({ buckets, hits, perCall, atOnce }) => {
    let met = 0;
    const next = buckets === 'drawn' ? draw : () => met++;
    const calls = Array.from({ length: Math.ceil(hits / perCall) }, () =>
      Array.from({ length: perCall }, () => hitOn(next())),
    );
    const [cpu, started] = [cpuMicros(), performance.now()];
    const takers = Array.from({ length: atOnce }, async () => {
      for (let call = calls.pop(); call !== undefined; call = calls.pop())
        await store.hits.record(call, Date.now());
    });
    await Promise.all(takers);
    const seconds = (performance.now() - started) / 1_000;
    await sleep(AFTERMATH_MS);
    return { cpuPerHit: (cpuMicros() - cpu) / hits, perSecond: hits / seconds };
  },
  () => store.close(),
);
