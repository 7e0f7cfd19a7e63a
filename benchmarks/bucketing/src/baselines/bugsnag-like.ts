import type { Evidence } from '../score/evidence.ts';
import type { Baseline } from './baseline.ts';
import { chainOf, classOf } from './error-chain.ts';
import { isOwn, projectFile } from './frame-file.ts';
import { framesOf, type PlainFrame } from './plain-frame.ts';

/**
 * Grouping in the manner of Bugsnag (its product documentation): class, file and line of the innermost in-project
 * frame of the innermost error; where a source map is known, the code there instead of the line.
 */
export const bugsnagLike: Baseline = {
  name: 'Bugsnag-like',
  keyOf: (evidence) => {
    const innermost = chainOf(evidence.error).at(-1) ?? evidence.error;
    const frames = framesOf(innermost, evidence);
    const top = frames.find(isOwn) ?? frames[0];
    return `${classOf(innermost)} ${top === undefined ? '' : placeText(top, evidence)}`;
  },
};

function placeText(frame: PlainFrame, evidence: Evidence): string {
  const where = frame.mapped && frame.contextLine !== '' ? frame.contextLine : frame.line;
  return `${projectFile(frame, evidence)}:${where}`;
}
