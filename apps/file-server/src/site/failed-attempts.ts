import type { CountedOutcome } from '@fr/server';
import type { Store } from '@fr/store';

const SETTING = 'failed-attempts';

/** What a site tried towards its destination and what came of it, where that was nothing. */
export interface FailedAttempts {
  /** Counts one: `of` as in `passes`, `reason` a code of the error. What cannot be written down is not counted. */
  count(of: string, reason: string): Promise<void>;
  list(): Promise<readonly CountedOutcome[]>;
}

/** Kept in the store's settings; there may be one for each store at a time. An attempt that does well writes nothing. */
export function createFailedAttempts(settings: Store['settings']): FailedAttempts {
  let turn: Promise<unknown> = Promise.resolve();
  async function all(): Promise<Readonly<Record<string, number>>> {
    const value = await settings.read(SETTING);
    return typeof value === 'object' && value !== null ? (value as Record<string, number>) : {};
  }
  async function add(name: string): Promise<void> {
    const counts = await all();
    await settings.write(SETTING, { ...counts, [name]: (counts[name] ?? 0) + 1 });
  }
  return {
    count(of, reason) {
      const mine = turn.then(() => add(`${of} ${reason}`)).catch(() => undefined);
      turn = mine;
      return mine;
    },
    async list() {
      return Object.entries(await all()).map(([name, count]) => {
        const [of = '', reason = ''] = name.split(' ');
        return { of, outcome: 'failed', reason, count };
      });
    },
  };
}
