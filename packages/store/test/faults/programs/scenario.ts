/**
 * Opens a store, does the steps of one scenario in turn and closes it, whatever fails: `DIR SCENARIO`. Prints
 * `begun STEP`, then `done STEP` or `failed STEP CODE`; a code that is no code of the store's is the error itself.
 */
import { writeSync } from 'node:fs';
import { type Store, StoreError } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { isScenarioName, SCENARIOS } from '../scenarios.ts';

const [dir = '', name = ''] = process.argv.slice(2);
if (!isScenarioName(name)) throw new Error(`no scenario ${name}`);

async function attempt<T>(step: string, work: () => Promise<T>): Promise<T | undefined> {
  writeSync(1, `begun ${step}\n`);
  try {
    const given = await work();
    writeSync(1, `done ${step}\n`);
    return given;
  } catch (error) {
    const code = error instanceof StoreError ? error.code : `unexpected ${error}`;
    writeSync(1, `failed ${step} ${code}\n`);
    return undefined;
  }
}

const store: Store | undefined = await attempt('open', () =>
  openEmbeddedStore({ dir, notice: () => undefined }),
);
if (store) {
  for (const [step, work] of SCENARIOS[name].steps) await attempt(step, () => work(store));
  await attempt('close', () => store.close());
}
