/** Locations of hangs: where the blocked thread was. How long it was blocked is no part of it. */
import type { HangFailure } from '../../failure.ts';
import { parseStack } from '../../stack/stack.ts';
import { lazyFrames } from '../frame/placed-frame.ts';
import type { Notes } from '../notes.ts';
import { ruleFired } from '../notes.ts';
import { responsibleFrame } from '../responsible-frame.ts';
import { functionSpot } from '../spot.ts';
import type { Verdict } from '../verdict.ts';

export function locateHang(failure: HangFailure, notes: Notes): Verdict {
  const frames = lazyFrames(parseStack(failure.stack, '').frames, failure);
  const chosen = frames[responsibleFrame(frames, notes)]?.();
  // The line where a blocked thread is caught is chance; the function is not.
  ruleFired(notes, chosen ? 'hang' : 'no-stack');
  const { module = '', version = '' } = chosen?.site ?? {};
  return { module, version, location: `hang:${chosen ? functionSpot(chosen) : 'unknown'}` };
}
