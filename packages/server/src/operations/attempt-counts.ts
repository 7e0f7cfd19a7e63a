import type { Settings } from '@fr/store';
import type { CountedOutcome } from './operations.ts';

const SETTING = 'attempts';

/** What a server was asked to do or has tried, and what came of it where that was nothing. */
export interface AttemptCounts {
  /** Counts one. `outcome`: `failed`, `refused`; `reason`: a code of the error. What cannot be written down is not counted. */
  count(of: string, outcome: string, reason: string): Promise<void>;
  list(): Promise<readonly CountedOutcome[]>;
}

/** Kept in the store's settings; there may be one for each store at a time. An attempt that does well writes nothing. */
export function createAttemptCounts(settings: Settings): AttemptCounts {
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
    count(of, outcome, reason) {
      const mine = turn.then(() => add(`${of} ${outcome} ${reason}`)).catch(() => undefined);
      turn = mine;
      return mine;
    },
    async list() {
      return Object.entries(await all()).map(([name, count]) => {
        const [of = '', outcome = '', reason = ''] = name.split(' ');
        return { of, outcome, reason, count };
      });
    },
  };
}
