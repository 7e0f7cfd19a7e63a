/** The place of one error, its causes left aside. */
import type { ErrorFacts, Failure } from '../failure.ts';
import { parseStack } from '../stack/stack.ts';
import { errorKind, isOverflow } from './error-kind.ts';
import type { Found } from './found.ts';
import type { ClassifiedFrame } from './frame/classified-frame.ts';
import { classify } from './frame/classified-frame.ts';
import { messageClass } from './message-class.ts';
import { recursionCycle } from './recursion.ts';
import { refusedBy } from './refusal.ts';
import { responsibleFrame } from './responsible-frame.ts';
import type { Spot } from './spot.ts';
import { spotOf } from './spot.ts';
import type { Notes } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

const NOWHERE = { strength: 'none', module: '', moduleVersion: '', where: '', refused: '' } as const;

export function findError(error: ErrorFacts, failure: Failure, notes: Notes): Found {
  const kind = errorKind(error);
  const stack = parseStack(error.stack, error.message);
  if (error.stack !== undefined && typeof error.stack !== 'string')
    leaveOut(notes, 'stack', 'it is not a string');
  if (stack.cut) leaveOut(notes, 'rest of the stack', 'no stack is read beyond 256 frames or 1 MiB');
  const frames = classify(stack.frames, failure);
  const cycle = isOverflow(error) ? recursionCycle(frames, failure, notes) : undefined;
  const at = cycle?.at ?? responsibleFrame(frames, notes);
  const spot = spotOf(frames, at, failure, cycle === undefined ? notes : { rules: [], leftOut: [] });
  if (spot === undefined) return { ...NOWHERE, kind: kindWithoutPlace(error, kind, notes) };
  const refused = cycle === undefined ? refusal(frames, at, notes) : '';
  return found(frames, at, { ...spot, where: cycle?.where ?? spot.where }, refused, kind);
}

function found(
  frames: readonly ClassifiedFrame[],
  at: number,
  spot: Spot,
  refused: string,
  kind: string,
): Found {
  const { module, moduleVersion, where, frame } = spot;
  const strength = frames[at]?.site.side === 'own' ? 'own' : 'module';
  return { strength, module, moduleVersion, where, refused, kind, frame };
}

function refusal(frames: readonly ClassifiedFrame[], at: number, notes: Notes): string {
  const refused = refusedBy(frames, at);
  if (refused !== '') ruleFired(notes, 'failing-side', `the program had called ${refused}, and that refused`);
  return refused;
}

function kindWithoutPlace(error: ErrorFacts, kind: string, notes: Notes): string {
  if (kind === error.code) {
    ruleFired(notes, 'code-only', 'no frame names a place, so code and system call must do');
    return typeof error.syscall === 'string' ? `${kind} ${error.syscall.slice(0, 32)}` : kind;
  }
  ruleFired(
    notes,
    'message-class',
    'no frame and no code, so the class and the plain words of the message must do',
  );
  const words = messageClass(error.message);
  return words === '' ? kind : `${kind} ${words}`;
}
