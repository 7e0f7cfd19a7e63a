import { fs, path } from '../builtin.ts';
import type { Environment } from './settings/settings.ts';

const MAX_MS = 10_000;
const LOOK_MS = 5;

/** `FR_EXIT_WAIT` (`300ms`, `2s`) in milliseconds, at most 10 s; 0 where it is not set or says something else. */
export function exitWait(environment: Environment): number {
  const [, number, unit] = /^(\d{1,6})(ms|s)$/.exec(environment['FR_EXIT_WAIT'] ?? '') ?? [];
  return number === undefined ? 0 : Math.min(MAX_MS, Number(number) * (unit === 's' ? 1_000 : 1));
}

/** Stands still until no failure waits in the spool any more, or the time is over: for a process that takes all others along. */
export function waitForDelivery(spoolFolder: string, ms: number): void {
  const failures = path.join(spoolFolder, 'failures');
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  const until = Date.now() + ms;
  while (Date.now() < until && fs.readdirSync(failures).some((name) => name.endsWith('.json')))
    Atomics.wait(asleep, 0, 0, LOOK_MS);
}
