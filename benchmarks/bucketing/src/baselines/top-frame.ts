import type { Baseline } from './baseline.ts';
import { classOf } from './error-chain.ts';
import { framesOf } from './plain-frame.ts';

/** File, line and column of the innermost frame; the class where there is none. */
export const topFrame: Baseline = {
  name: 'top frame',
  keyOf: (evidence) => {
    const [top] = framesOf(evidence.error, evidence);
    return top === undefined ? classOf(evidence.error) : `${top.file}:${top.line}:${top.column}`;
  },
};
