import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BETWEEN_ATTEMPTS, BETWEEN_LAUNCHES, delayAfter, retryAfterOf } from '../src/reporter/backoff.ts';

const NOW = 1_760_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;

describe('a server that did not take something', () => {
  it('is left alone for a doubling time, drawn from the whole range', () => {
    const bounds = [1, 2, 3, 4, 5].map((failures) => delayAfter(failures, BETWEEN_ATTEMPTS, 1, undefined));
    expect(bounds).toEqual([300, 600, 1_200, 2_400, 4_800]);
    expect(delayAfter(9, BETWEEN_LAUNCHES, 1, undefined)).toBe(15 * 60_000);
    expect(delayAfter(9, BETWEEN_LAUNCHES, 0, undefined)).toBe(0);
  });

  it('is asked neither before its Retry-After nor more than a quarter later, and never silences for over a day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 10 * DAY_MS }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, asked, random) => {
          const delay = delayAfter(failures, BETWEEN_LAUNCHES, random, asked);
          const believed = Math.min(asked, DAY_MS);
          expect(delay).toBeGreaterThanOrEqual(believed);
          expect(delay).toBeLessThanOrEqual(Math.ceil(believed * 1.25));
        },
      ),
    );
  });

  it.each([
    [null, undefined],
    ['120', 120_000],
    [new Date(NOW + 5_000).toUTCString(), 5_000],
    [new Date(NOW - 5_000).toUTCString(), 0],
    ['soon', undefined],
  ])('says %j', (header, expected) => {
    expect(retryAfterOf(header, NOW)).toBe(expected);
  });
});
