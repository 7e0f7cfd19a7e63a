import type { Baseline } from './baseline.ts';
import { chainOf, classOf } from './error-chain.ts';
import { baseName, isOwn } from './frame-file.ts';
import { parameterized } from './parameterized-message.ts';
import { framesOf } from './plain-frame.ts';

/**
 * The best of the usual rules: file, method and class at the innermost frame of the innermost error that is not a
 * dependency's; at the innermost of all where every frame is; class, code and masked message where there is no frame.
 */
export const topOwnFrame: Baseline = {
  name: 'top own frame',
  keyOf: (evidence) => {
    const error = chainOf(evidence.error).at(-1) ?? evidence.error;
    const frames = framesOf(error, evidence);
    const top = frames.find(isOwn) ?? frames[0];
    if (top === undefined) return `${classOf(error)} ${error.code ?? ''} ${parameterized(error.message)}`;
    return `${baseName(top)} ${top.method} ${classOf(error)}`;
  },
};
