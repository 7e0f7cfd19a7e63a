/**
 * When the next pass runs. Due = the end of the last one + the period, give or take the jitter, so that a thousand
 * sites that were switched on together do not ask together. After downtime or sleep one pass runs, not one for each
 * that was missed. Timers are never trusted for long: the clock is looked at every minute, so that a sleeping machine
 * or a clock that was set does not put a pass off.
 * @module
 */

/** What a schedule needs. */
export interface ScheduleOptions {
  /** Milliseconds between passes. */
  readonly everyMs: number;
  /** How far a pass may be moved, as a share of the period. Default 0.1: up to a tenth earlier or later. */
  readonly jitter?: number;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** A number from 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Starts a timer and returns how to stop it. Default: `setTimeout`, not keeping the process alive. */
  readonly setTimer?: (run: () => void, ms: number) => () => void;
  /** One pass. What it throws is its own business: the schedule goes on. */
  readonly run: () => Promise<unknown>;
}

/** A running or stopped schedule. */
export interface Schedule {
  /**
   * Begins. `lastRunAt` is when the last pass ended, if there was one before this start: an overdue pass runs at
   * once, and without one the first pass runs at once too.
   */
  start(lastRunAt?: number): void;
  /** Plans no further pass and waits for the one that runs. */
  stop(): Promise<void>;
  /** When the next pass is due; nothing while one runs or after the stop. */
  nextAt(): number | undefined;
}

const LOOK_EVERY_MS = 60_000;

/** Makes a schedule; it does nothing before it is started. */
export function createSchedule(options: ScheduleOptions): Schedule {
  const {
    everyMs,
    jitter = 0.1,
    now = Date.now,
    random = Math.random,
    setTimer = startTimeout,
    run,
  } = options;
  let due: number | undefined;
  let stopTimer: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  let active = false;
  const longest = everyMs * (1 + jitter);

  function plan(at: number): void {
    due = at;
    stopTimer = setTimer(look, Math.max(0, Math.min(at - now(), LOOK_EVERY_MS)));
  }
  function look(): void {
    if (!active || due === undefined) return;
    const left = due - now();
    if (left <= 0) running = pass();
    // The clock was set back: what was due soon must not wait for years.
    else plan(left > longest ? now() + longest : due);
  }
  async function pass(): Promise<void> {
    due = undefined;
    await Promise.resolve()
      .then(run)
      .catch(() => undefined);
    if (active) plan(now() + everyMs * (1 + jitter * (2 * random() - 1)));
  }
  return {
    start(lastRunAt): void {
      if (active) return;
      active = true;
      const wanted =
        lastRunAt === undefined ? now() : lastRunAt + everyMs * (1 + jitter * (2 * random() - 1));
      plan(Math.min(wanted, now() + longest));
    },
    async stop(): Promise<void> {
      active = false;
      due = undefined;
      stopTimer?.();
      await running;
    },
    nextAt: () => due,
  };
}

function startTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
