import { createSchedule, parseDuration, type Schedule } from '@fr/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** A clock and its timers, moved by hand. */
class Clock {
  /** What timers go by. */
  elapsed = 1_000_000;
  /** How far the wall clock is off. */
  skew = 0;
  runs: number[] = [];
  random = 0.5;
  pass: () => Promise<void> = async () => undefined;
  get now(): number {
    return this.elapsed + this.skew;
  }

  #timer: { readonly at: number; readonly run: () => void } | undefined;

  schedule(everyMs: number, jitter?: number): Schedule {
    return createSchedule({
      everyMs,
      ...(jitter === undefined ? {} : { jitter }),
      now: () => this.now,
      random: () => this.random,
      setTimer: (run, ms) => {
        const timer = { at: this.elapsed + ms, run };
        this.#timer = timer;
        return () => {
          if (this.#timer === timer) this.#timer = undefined;
        };
      },
      run: async () => {
        this.runs.push(this.now);
        await this.pass();
      },
    });
  }

  /** Lets time pass; timers fire at their time, or all at the end if the machine slept. */
  async move(ms: number, asleep = false): Promise<void> {
    const end = this.elapsed + ms;
    while (this.#timer && this.#timer.at <= end) {
      const { at, run } = this.#timer;
      this.#timer = undefined;
      this.elapsed = asleep ? end : Math.max(this.elapsed, at);
      run();
      await new Promise((next) => setImmediate(next));
    }
    this.elapsed = end;
  }
}

const MINUTE = 60_000;

test('the first pass runs at once, the next ones a period after the last has ended', async () => {
  const clock = new Clock();
  clock.schedule(5 * MINUTE).start();
  await clock.move(0);
  await clock.move(11 * MINUTE);
  expect(clock.runs).toEqual([0, 5, 10].map((n) => 1_000_000 + n * MINUTE));
});

test('after downtime one pass runs at once, and without downtime the rest of the period is waited for', async () => {
  const late = new Clock();
  late.schedule(5 * MINUTE).start(late.now - 60 * MINUTE);
  await late.move(MINUTE);
  expect(late.runs.length).toBe(1);
  const early = new Clock();
  early.schedule(5 * MINUTE).start(early.now - 2 * MINUTE);
  await early.move(2.9 * MINUTE);
  expect(early.runs.length).toBe(0);
  await early.move(0.2 * MINUTE);
  expect(early.runs.length).toBe(1);
});

test('after a sleep of a day one pass runs, not hundreds', async () => {
  const clock = new Clock();
  clock.schedule(5 * MINUTE).start();
  await clock.move(0);
  await clock.move(24 * 60 * MINUTE, true);
  expect(clock.runs.length).toBe(2);
});

test('a clock that is set back by years does not put the next pass off', async () => {
  const clock = new Clock();
  clock.schedule(5 * MINUTE).start();
  await clock.move(0);
  clock.skew -= 365 * 24 * 60 * MINUTE;
  await clock.move(12 * MINUTE);
  expect(clock.runs.length).toBeGreaterThan(1);
});

test('a last run in the future does not put the first pass off for longer than a period', async () => {
  const clock = new Clock();
  clock.schedule(5 * MINUTE).start(clock.now + 1000 * MINUTE);
  await clock.move(6 * MINUTE);
  expect(clock.runs.length).toBe(1);
});

test('a pass that fails does not end the schedule, and a stop does', async () => {
  const clock = new Clock();
  clock.pass = async () => {
    throw new Error('no');
  };
  const schedule = clock.schedule(MINUTE);
  schedule.start();
  schedule.start();
  await clock.move(0);
  await clock.move(3 * MINUTE);
  expect(clock.runs.length).toBe(4);
  await schedule.stop();
  expect(schedule.nextAt()).toBeUndefined();
  await clock.move(10 * MINUTE);
  expect(clock.runs.length).toBe(4);
});

test('no second pass is started while one runs, and a stop waits for it', async () => {
  const clock = new Clock();
  let finish = (): void => undefined;
  clock.pass = () =>
    new Promise((done) => {
      finish = done;
    });
  const schedule = clock.schedule(MINUTE);
  schedule.start();
  await clock.move(0);
  await clock.move(10 * MINUTE);
  expect([clock.runs.length, schedule.nextAt()]).toEqual([1, undefined]);
  let stopped = false;
  const stopping = schedule.stop().then(() => {
    stopped = true;
  });
  await new Promise((next) => setImmediate(next));
  expect(stopped).toBe(false);
  finish();
  await stopping;
  await clock.move(10 * MINUTE);
  expect(clock.runs.length).toBe(1);
});

test('the jitter moves a pass by at most its share of the period, either way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      async (random, jitter) => {
        const clock = new Clock();
        clock.random = random;
        const schedule = clock.schedule(10 * MINUTE, jitter);
        schedule.start();
        await clock.move(0);
        const wait = (schedule.nextAt() ?? 0) - clock.now;
        expect(wait).toBeGreaterThanOrEqual(10 * MINUTE * (1 - jitter) - 1);
        expect(wait).toBeLessThanOrEqual(10 * MINUTE * (1 + jitter) + 1);
        await schedule.stop();
      },
    ),
  );
});

test.each([
  ['5m', 300_000],
  ['1s', 1000],
  ['250ms', 250],
  ['1.5h', 5_400_000],
  ['1d', 86_400_000],
  [' 90 s ', 90_000],
  ['0s', undefined],
  ['5', undefined],
  ['-5m', undefined],
  ['5 minutes', undefined],
  ['', undefined],
])('%j as a duration is %s', (text, expected) => expect(parseDuration(text)).toBe(expected));
