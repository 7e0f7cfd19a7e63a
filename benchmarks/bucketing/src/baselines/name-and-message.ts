import type { Baseline } from './baseline.ts';
import { classOf } from './error-chain.ts';

/** What people group by who look at titles: class and message. */
export const nameAndMessage: Baseline = {
  name: 'name and message',
  keyOf: ({ error }) => `${classOf(error)}: ${error.message ?? ''}`,
};
