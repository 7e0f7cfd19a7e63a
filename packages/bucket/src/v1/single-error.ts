/** The place of one error, its causes left aside. */
import type { ErrorFacts, Failure } from '../failure.ts';
import { parseStack } from '../stack/stack.ts';
import { stringOf } from '../total.ts';
import { errorKind, isOverflow } from './error-kind.ts';
import { lazyFrames } from './frame/placed-frame.ts';
import { messageClass } from './message-class.ts';
import type { Notes } from './notes.ts';
import { leaveOut, newNotes, ruleFired } from './notes.ts';
import { recursionCycle } from './recursion.ts';
import { refusedBy } from './refusal.ts';
import { responsibleFrame } from './responsible-frame.ts';
import { spotOf } from './spot.ts';
import type { Found } from './verdict.ts';
import { IN_MODULE, IN_PROGRAM, joined, NOWHERE } from './verdict.ts';

/** Classes whose messages every engine words in its own way. */
const WORDED_BY_ENGINE = /^(?:Abort|Timeout|Network|NotAllowed|Security|QuotaExceeded)Error$/;

const NO_PLACE = { nearness: NOWHERE, module: '', version: '', where: '', refused: '' } as const;

export function findError(error: ErrorFacts, failure: Failure, notes: Notes): Found {
  const { frames: printed, cut } = parseStack(error.stack, error.message);
  if (typeof (error.stack ?? '') !== 'string') leaveOut(notes, 'stack', 'shape');
  if (cut) leaveOut(notes, 'rest of the stack', 'size');
  const frames = lazyFrames(printed, failure);
  const cycle = isOverflow(error) ? recursionCycle(frames, notes) : undefined;
  const at = cycle?.at ?? responsibleFrame(frames, notes);
  const spot = spotOf(frames, at, cycle ? newNotes() : notes);
  if (!spot) return { ...NO_PLACE, kind: kindWithoutPlace(error, notes) };
  const kind = errorKind(error, true);
  const refused = cycle ? '' : refusedBy(frames, at, kind === error.code);
  if (refused) ruleFired(notes, 'failing-side', refused);
  return {
    nearness: spot.module ? IN_MODULE : IN_PROGRAM,
    ...spot,
    where: cycle?.where ?? spot.where,
    refused,
    kind,
  };
}

function kindWithoutPlace(error: ErrorFacts, notes: Notes): string {
  const { code, syscall, message } = error;
  const kind = errorKind(error, false);
  const coded = kind === code;
  ruleFired(notes, coded ? 'code-only' : 'message-class');
  const more = coded
    ? stringOf(syscall).split(' ', 1).join().slice(0, 32)
    : !WORDED_BY_ENGINE.test(kind) && messageClass(message);
  return joined([kind, more || '']);
}
