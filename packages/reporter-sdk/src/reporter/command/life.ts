const LIFE_MS = 60_000;
/** An upload of a gibibyte at 10 Mbit/s. */
const LONGEST_LIFE_MS = 15 * 60_000;
/** Between being told to stop and being stopped. */
const LAST_WORDS_MS = 1_000;

/** How long a fr-reporter may go on. */
export interface Life {
  /** Aborted a second before the end. */
  readonly signal: AbortSignal;
  /** Begins the minute anew, as long as something large makes progress; at most a quarter of an hour in all. */
  goOn(): void;
}

/** A life of 60 s. `end` ends the process. Neither timer keeps it alive. */
export function startLife(end: () => void): Life {
  const abort = new AbortController();
  const longest = performance.now() + LONGEST_LIFE_MS;
  let timers: readonly NodeJS.Timeout[] = [];
  function goOn(): void {
    for (const timer of timers) clearTimeout(timer);
    const left = Math.max(0, Math.min(LIFE_MS, longest - performance.now()));
    timers = [
      setTimeout(() => abort.abort(), Math.max(0, left - LAST_WORDS_MS)).unref(),
      setTimeout(end, left).unref(),
    ];
  }
  goOn();
  return { signal: abort.signal, goOn };
}
