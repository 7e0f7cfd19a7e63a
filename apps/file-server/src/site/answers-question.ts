import { type AcceptedAnswers, askAnswers, type Ledger, type PassOptions, SyncError } from '@fr/sync';
import type { Site } from './site.ts';
import type { Upstream } from './site-settings.ts';

/** How often answers are asked for, in milliseconds. */
export const ASK_EVERY_MS: number = 60 * 60 * 1000;

/** The question to a site's destination what may be told here. */
export function answersQuestion(
  { store, heard, attempts }: Site,
  { url, token }: Upstream,
  ledger: Ledger,
  options: () => Promise<Omit<PassOptions, 'ledger'>>,
): () => Promise<AcceptedAnswers> {
  return async () => {
    const { id: originId } = await store.identity.origin();
    try {
      return await askAnswers({ ...(await options()), ledger, url, token, originId, heard });
    } catch (error) {
      if (error instanceof SyncError) await attempts.count('questions', 'failed', error.code);
      throw error;
    }
  };
}

/** Lets something happen once in a while, and not the first time: a site that has just begun has said nothing yet. */
export function createSeldom(
  everyMs: number,
  now: () => number,
): <T>(run: () => Promise<T>) => Promise<T | undefined> {
  let last = now() - everyMs;
  let first = true;
  return async (run) => {
    const isTime = !first && now() - last >= everyMs;
    first = false;
    if (!isTime) return undefined;
    last = now();
    return await run();
  };
}
