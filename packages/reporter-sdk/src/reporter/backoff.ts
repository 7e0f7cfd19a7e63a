/**
 * How long a server is left alone after it did not take something. Delays double and are drawn from the whole range up to
 * the bound, so that the reporters of a site do not come back together after an outage. A server's Retry-After is never
 * undercut, and believed up to a day. Pure: clock and random are given.
 * @module
 */

/** The first bound and the highest one, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Between the attempts of one fr-reporter: five retries are over in 9.3 s at the most. */
export const BETWEEN_ATTEMPTS: Backoff = { firstMs: 300, mostMs: 20_000 };

/** Between fr-reporters: a program that crashes in a circle asks a server that is down four times an hour, not every second. */
export const BETWEEN_LAUNCHES: Backoff = { firstMs: 10_000, mostMs: 15 * 60_000 };

const MOST_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** Milliseconds to wait after so many failures in a row (at least 1). `random` is from 0 to below 1. */
export function delayAfter(
  failures: number,
  backoff: Backoff,
  random: number,
  retryAfterMs: number | undefined,
): number {
  const bound = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(failures - 1, 30));
  const asked = Math.min(Math.max(0, retryAfterMs ?? 0), MOST_RETRY_AFTER_MS);
  // Who was told a time comes a little later than that, not all at the same moment.
  return Math.round(asked > 0 ? asked + random * Math.min(bound, asked / 4) : random * bound);
}

/** What a Retry-After header asks for, seconds or a date; nothing where it says neither. */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
