import type { ErrorFacts } from '@fr/bucket';
import type { Evidence } from '../score/evidence.ts';
import type { Baseline } from './baseline.ts';
import { chainOf, classOf } from './error-chain.ts';
import { projectFile } from './frame-file.ts';
import { parameterized } from './parameterized-message.ts';
import { framesOf } from './plain-frame.ts';

/**
 * Grouping in the manner of Rollbar's default (its documentation): class, and file and method of every frame, roots
 * removed; the masked message where there is no frame.
 */
export const rollbarLike: Baseline = {
  name: 'Rollbar-like',
  keyOf: (evidence) =>
    chainOf(evidence.error)
      .map((error) => errorText(error, evidence))
      .join(' caused by '),
};

function errorText(error: ErrorFacts, evidence: Evidence): string {
  const frames = framesOf(error, evidence).map((frame) => `${projectFile(frame, evidence)}#${frame.method}`);
  return `${classOf(error)} ${frames.length > 0 ? frames.join(' < ') : parameterized(error.message)}`;
}
