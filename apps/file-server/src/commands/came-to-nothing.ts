import type { CountedOutcome } from '@fr/server';

/** What this site has tried towards its destination, and what was brought to it, that came to nothing; a sentence each. */
export function cameToNothing(attempts: readonly CountedOutcome[]): readonly string[] {
  return [...Map.groupBy(attempts, ({ of, outcome }) => `${of} ${outcome}`)].map(([what, some]) => {
    const sum = some.reduce((all, { count }) => all + count, 0);
    return `${sum} ${what} so far: ${some.map(({ count, reason }) => `${count} ${reason}`).join(', ')}`;
  });
}
