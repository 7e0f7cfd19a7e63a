import { createHash } from 'node:crypto';
import type { Baseline } from './baseline.ts';

/** Failures are one if their stacks are, to the letter. */
export const stackHash: Baseline = {
  name: 'raw stack',
  keyOf: ({ error }) => createHash('sha256').update(String(error.stack)).digest('hex').slice(0, 16),
};
