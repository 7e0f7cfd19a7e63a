import { expect, test } from 'vitest';
import { FOUND_WITHIN, MUTATIONS } from '../src/mutations.ts';
import { simulate } from '../src/simulate.ts';

for (const [fault, mutation] of Object.entries(MUTATIONS)) {
  test(`${fault}: found within ${FOUND_WITHIN} seeds`, { timeout: 120_000 }, async () => {
    let found: readonly string[] = [];
    for (let seed = 1; seed <= FOUND_WITHIN && found.length === 0; seed++) {
      found = (await simulate({ seed, mutation })).failures;
    }
    expect(found).not.toEqual([]);
  });
}
