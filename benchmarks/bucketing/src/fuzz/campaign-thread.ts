/** The thread a campaign runs in; started by `src/fuzz.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readCorpus } from '../corpus-file.ts';
import { type Order, runCampaign } from './campaign.ts';
import { seedsFrom } from './checks.ts';

const { order, corpus, clock } = workerData as {
  readonly order: Order;
  readonly corpus: string;
  readonly clock: SharedArrayBuffer;
};
const seen = new Int32Array(clock);
const outcome = runCampaign(
  order,
  seedsFrom(readCorpus(corpus)),
  (round) => {
    Atomics.store(seen, 0, round);
    Atomics.add(seen, 1, 1);
  },
  (finding) => parentPort?.postMessage({ finding }),
);
parentPort?.postMessage({ outcome });
