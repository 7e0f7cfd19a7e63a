import {
  createPassRunner,
  type Ledger,
  type PassFailure,
  type PassOptions,
  type PassSummary,
  runPass,
} from '@fr/sync';

/** Passes of a site, one at a time. */
export interface Passes {
  /** Tells every count, behind a pass that runs: who asks for one wants to see what it tells. */
  byHand(): Promise<PassSummary>;
  /** Keeps counts of known buckets back for their window; joins a pass that runs. */
  bySchedule(): Promise<PassSummary>;
  /** Resolves when none runs. */
  settled(): Promise<void>;
  /** Ends the running one at its next safe point. */
  stop(): Promise<void>;
}

/** Sets up passes; `countsEveryMs` is the window of counts. */
export function createPasses(
  options: () => Promise<Omit<PassOptions, 'ledger'>>,
  ledger: Ledger,
  countsEveryMs: number,
  /** Told of each pass that failed. */
  onFailure: (failure: PassFailure) => Promise<void>,
): Passes {
  let keepsCounts = false;
  const runner = createPassRunner(async (signal) => {
    const window = keepsCounts ? countsEveryMs : 0;
    const summary = await runPass({ ...(await options()), ledger, signal, countsEveryMs: window });
    if (summary.failure) await onFailure(summary.failure);
    return summary;
  });
  async function settled(): Promise<void> {
    if (runner.isRunning()) await runner.run();
  }
  return {
    async byHand() {
      await settled();
      if (!runner.isRunning()) keepsCounts = false;
      return await runner.run();
    },
    async bySchedule() {
      if (!runner.isRunning()) keepsCounts = true;
      return await runner.run();
    },
    settled,
    stop: () => runner.stop(),
  };
}
