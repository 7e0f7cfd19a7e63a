/** Plays the scenario and kills itself at the nth disk operation: `DIR NTH before|after`, or at `DIR TEXT before`. */
import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '@fr/store/embedded';
import { disturbedDisk, playScenario } from './scenario.ts';

const [dir = '', where = '', side = ''] = process.argv.slice(2);
const disk = disturbedDisk((nth, now, what) => {
  if (now === side && (String(nth) === where || what.endsWith(where))) process.kill(process.pid, 'SIGKILL');
});
const store = await openEmbeddedStore({ dir, disk });
await playScenario(store, async (name, work) => {
  writeSync(1, `begun ${name}\n`);
  await work();
  writeSync(1, `done ${name}\n`);
});
await store.close();
