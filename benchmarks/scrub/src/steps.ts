import { Session } from 'node:inspector/promises';

/** Counts what a piece of work costs in steps of its code: the same on every machine, however busy. */
export interface StepCounter {
  /** Blocks of the package's code that were entered while `work` ran; for a loop, each round of it. */
  readonly count: (work: () => void) => Promise<number>;
  readonly close: () => void;
}

/** Counts in the scripts whose address holds `folder`. */
export async function stepCounter(folder: string): Promise<StepCounter> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    count: async (work) => {
      await session.post('Profiler.takePreciseCoverage');
      work();
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const own = result.filter(({ url }) => url.includes(folder));
      const ranges = own.flatMap(({ functions }) => functions.flatMap((entry) => entry.ranges));
      return ranges.reduce((sum, { count }) => sum + count, 0);
    },
    close: () => session.disconnect(),
  };
}
