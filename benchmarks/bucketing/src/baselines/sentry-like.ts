/**
 * Grouping in the manner of Sentry (developer documentation and published source of its grouping): the whole stack
 * of every error of the chain counts, caller included.
 */
import type { ErrorFacts } from '@fr/bucket';
import type { Evidence } from '../score/evidence.ts';
import type { Baseline } from './baseline.ts';
import { chainOf, classOf } from './error-chain.ts';
import { baseName, isOwn, projectFile } from './frame-file.ts';
import { parameterized } from './parameterized-message.ts';
import { framesOf, type PlainFrame } from './plain-frame.ts';

/** Longer lines are taken for minified code and do not count. */
const MAX_CONTEXT = 120;

export const sentryLike: Baseline = {
  name: 'Sentry-like',
  keyOf: (evidence) => {
    const errors = chainOf(evidence.error).flatMap((error) => [error, ...(error.errors ?? [])]);
    // Dependencies count only where no frame of the program does.
    const inApp = errors.some((error) => framesOf(error, evidence).some(isOwn));
    return errors.map((error) => errorText(error, evidence, inApp)).join(' caused by ');
  },
};

function errorText(error: ErrorFacts, evidence: Evidence, inApp: boolean): string {
  const frames = framesOf(error, evidence)
    .filter((frame) => !inApp || isOwn(frame))
    .map((frame) => frameText(frame, evidence))
    .filter((text, index, all) => text !== '' && text !== all[index - 1]);
  return `${classOf(error)} ${frames.length > 0 ? frames.join(' < ') : parameterized(error.message)}`;
}

/** Module or base name, function, line of code; never a line number. */
function frameText(frame: PlainFrame, evidence: Evidence): string {
  const fromUrl = /^https?:/.test(frame.file);
  const context =
    frame.contextLine.length > MAX_CONTEXT || (fromUrl && frame.method === '') ? '' : frame.contextLine;
  // Function names that come from a map are not trusted while there is a line of code.
  const method = frame.mapped && context !== '' ? '' : frame.method;
  const file = fromUrl ? '' : fileText(frame, evidence);
  return method === '' && context === '' && file === '' ? '' : `${file}#${method}:${context}`;
}

function fileText(frame: PlainFrame, evidence: Evidence): string {
  if (isOwn(frame)) return baseName(frame).toLowerCase();
  return projectFile(frame, evidence).replace(/\.[cm]?js$/, '');
}
