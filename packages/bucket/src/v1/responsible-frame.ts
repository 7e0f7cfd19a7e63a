import type { ClassifiedFrame } from './classified-frame.ts';
import type { Notes } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

/** The innermost frame of the program itself, else the innermost of a module. */
export function responsibleFrame(
  frames: readonly ClassifiedFrame[],
  notes: Notes,
): ClassifiedFrame | undefined {
  const own = frames.find(({ site }) => site.side === 'own');
  if (own !== undefined) ruleFired(notes, 'own-frame', 'innermost frame of the program itself');
  const chosen = own ?? frames.find(({ site }) => site.side === 'module');
  if (own === undefined && chosen !== undefined) {
    ruleFired(notes, 'module-frame', 'no frame of the program itself; innermost frame of a module');
  }
  for (const { frame } of frames) {
    if (frame === chosen?.frame) break;
    leaveOut(notes, frame.text.slice(0, 120), 'lies above the responsible frame');
  }
  return chosen;
}
