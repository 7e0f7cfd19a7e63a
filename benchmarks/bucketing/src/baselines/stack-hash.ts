import { createHash } from 'node:crypto';
import type { Baseline } from './baseline.ts';
import { classOf } from './error-chain.ts';

/** Failures are one if their stacks are, to the letter. */
export const stackHash: Baseline = {
  name: 'raw stack',
  keyOf: ({ error }) => {
    const text = error.stack ?? `${classOf(error)}: ${error.message ?? ''}`;
    return createHash('sha256').update(text).digest('hex').slice(0, 16);
  },
};
