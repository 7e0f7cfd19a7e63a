/** Locations of hangs: where the blocked thread was. How long it was blocked is no part of it. */
import type { HangFailure } from '../failure.ts';
import { parseStack } from '../stack/stack.ts';
import { classify } from './frame/classified-frame.ts';
import { responsibleFrame } from './responsible-frame.ts';
import { functionSpot } from './spot.ts';
import type { Notes, Verdict } from './verdict.ts';
import { ruleFired } from './verdict.ts';

export function locateHang(failure: HangFailure, notes: Notes): Verdict {
  const frames = classify(parseStack(failure.stack, '').frames, failure);
  const chosen = frames[responsibleFrame(frames, notes)];
  if (chosen === undefined) {
    ruleFired(notes, 'hang', 'no stack of the blocked thread');
    return { module: '', moduleVersion: '', location: 'hang:unknown' };
  }
  // The line where a blocked thread is caught is chance; the function is not.
  ruleFired(notes, 'hang', 'function in which the thread was blocked');
  const { site } = chosen;
  const own = site.side === 'own';
  return {
    module: own ? '' : site.module,
    moduleVersion: own ? '' : site.moduleVersion,
    location: `hang:${functionSpot(chosen, failure)}`,
  };
}
