/** Stack overflow: the frame on top is where the stack happened to end, the members of the cycle are the fault. */
import type { Failure } from '../failure.ts';
import type { ClassifiedFrame } from './frame/classified-frame.ts';
import { functionSpot } from './spot.ts';
import type { Notes } from './verdict.ts';
import { ruleFired } from './verdict.ts';

export interface Cycle {
  readonly where: string;
  /** Index of a frame of the cycle, the innermost. */
  readonly at: number;
}

const MAX_MEMBERS = 8;

/** The functions that recur, sorted; own ones if there are any. `undefined` when no function is there twice. */
export function recursionCycle(
  frames: readonly ClassifiedFrame[],
  failure: Failure,
  notes: Notes,
): Cycle | undefined {
  for (const side of ['own', 'module'] as const) {
    const spots = frames.map((frame) => (frame.site.side === side ? functionSpot(frame, failure) : ''));
    const members = new Set(spots.filter((spot, at) => spot !== '' && spots.indexOf(spot) !== at));
    if (members.size === 0) continue;
    ruleFired(notes, 'recursion', 'the call stack ran out; the functions that recur, not the one on top');
    const where = [...members].sort().slice(0, MAX_MEMBERS).join('+');
    return { where, at: spots.findIndex((spot) => members.has(spot)) };
  }
  return undefined;
}
