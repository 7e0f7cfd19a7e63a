/** Locations of thrown values. */
import type { ErrorFacts, ErrorFailure } from '../failure.ts';
import { parseStack } from '../stack/stack.ts';
import type { ClassifiedFrame } from './classified-frame.ts';
import { classify } from './classified-frame.ts';
import { errorKind } from './error-kind.ts';
import { responsibleFrame } from './responsible-frame.ts';
import type { Notes, Verdict } from './verdict.ts';
import { ruleFired } from './verdict.ts';

export function locateError(failure: ErrorFailure, notes: Notes): Verdict {
  const error: ErrorFacts = failure.error ?? {};
  const kind = errorKind(error);
  const frames = classify(parseStack(error.stack, error.message).frames, failure);
  const chosen = responsibleFrame(frames, notes);
  if (chosen === undefined) {
    ruleFired(notes, 'no-frame', 'the stack names no place, so the kind of error must do');
    const call = typeof error.syscall === 'string' ? ` ${error.syscall.slice(0, 32)}` : '';
    return { module: '', moduleVersion: '', location: `!${kind}${call}` };
  }
  return verdictOn(chosen, kind);
}

function verdictOn(chosen: ClassifiedFrame, kind: string): Verdict {
  const { site, frame } = chosen;
  const own = site.side === 'own';
  return {
    module: own ? '' : site.module,
    moduleVersion: own ? '' : site.moduleVersion,
    location: `${site.file}#${chosen.function}${chosen.function === '' ? `~L${frame.line ?? 0}` : ''}!${kind}`,
    frame: {
      text: frame.text.slice(0, 300),
      module: site.module,
      file: site.file,
      function: chosen.function,
      line: frame.line,
      column: frame.column,
    },
  };
}
