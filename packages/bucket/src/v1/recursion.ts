/** Stack overflow: the frame on top is where the stack happened to end, the members of the cycle are the fault. */
import type { LazyFrame } from './frame/placed-frame.ts';
import type { Notes } from './notes.ts';
import { ruleFired } from './notes.ts';
import { functionSpot } from './spot.ts';
import { sortedSet } from './verdict.ts';

export interface Cycle {
  readonly where: string;
  /** Index of a frame of the cycle, the innermost. */
  readonly at: number;
}

const MAX_MEMBERS = 8;

/** The functions that recur, sorted; own ones if there are any. `undefined` when no function is there twice. */
export function recursionCycle(frames: readonly LazyFrame[], notes: Notes): Cycle | undefined {
  for (const own of [true, false]) {
    const spots = frames.map((frame) => {
      const { site } = frame();
      return site && !site.module === own ? functionSpot(frame()) : '';
    });
    const members = spots.filter((spot, at) => spot && spots.indexOf(spot) < at);
    if (!members[0]) continue;
    ruleFired(notes, 'recursion');
    const where = sortedSet(members).slice(0, MAX_MEMBERS).join('+');
    return { where, at: spots.findIndex((spot) => members.includes(spot)) };
  }
  return undefined;
}
