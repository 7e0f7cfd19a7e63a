import type { PassSummary } from './pass-summary.ts';

/** Lets one pass run at a time. */
export interface PassRunner {
  /** Starts a pass, or joins the one that runs and gets its summary. */
  run(): Promise<PassSummary>;
  /** Whether one runs now. */
  isRunning(): boolean;
  /** Ends the running pass at its next safe point and waits for it; no other starts afterwards by itself. */
  stop(): Promise<void>;
}

/** Makes a runner. `pass` starts one pass that ends early when the signal says so. */
export function createPassRunner(pass: (signal: AbortSignal) => Promise<PassSummary>): PassRunner {
  let running: { readonly done: Promise<PassSummary>; readonly abort: AbortController } | undefined;
  return {
    run(): Promise<PassSummary> {
      if (running) return running.done;
      const abort = new AbortController();
      const done = Promise.resolve()
        .then(() => pass(abort.signal))
        .finally(() => {
          running = undefined;
        });
      running = { done, abort };
      return done;
    },
    isRunning: () => running !== undefined,
    async stop(): Promise<void> {
      const current = running;
      current?.abort.abort();
      await current?.done.catch(() => undefined);
    },
  };
}
