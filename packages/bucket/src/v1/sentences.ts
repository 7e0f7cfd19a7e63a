/** The sentences behind the names of rules, and behind the reasons for leaving something out. */
import type { LeftOut, RuleNote } from '../explanation.ts';
import type { Notes } from './notes.ts';

/** What the rule saw follows its sentence. */
const RULES: Readonly<Record<string, string>> = {
  'own-frame': 'innermost frame of the program itself that does not just throw for its caller',
  'own-messenger': 'the program has no other frame here than one that throws for its caller',
  'module-frame': 'no frame of the program itself, so the innermost of a module that is no mere carrier',
  'any-module-frame': 'nothing but carriers: the innermost frame of a module',
  'generated-frame': 'nothing but code that a compiler wrote into the program',
  'failing-side': 'the program had called a module, and that refused: ',
  'source-line': 'position is the text of the line, not its number: ',
  'line-number': 'neither a source text nor a function name, so the line number must do',
  recursion: 'the call stack ran out; the functions that recur, not the one on top',
  cause: 'the cause has no frame of the program, it tells what was refused: ',
  'root-cause': 'of a chain the innermost error with a place; the outer class stays in the text',
  members: 'several errors at once: the sorted set of their places, or of what was refused',
  'code-only': 'no frame names a place, so code and system call must do',
  'message-class': 'no frame and no code, so the class and the plain words of the message must do',
  signal: 'nothing but the signal is known',
  exit: 'nothing but the exit code is known',
  'fatal-trigger': 'no native symbol says more than the trigger',
  'fatal-symbol': 'trigger and first meaningful native symbol',
  hang: 'function in which the thread was blocked',
  'no-stack': 'no stack of the blocked thread',
  native: 'module and offset of the faulting instruction',
  unreadable: 'the failure is not of the documented shape',
};

const REASONS: Readonly<Record<string, string>> = {
  runtime: 'the runtime, not the program',
  module: 'a module the program called',
  plumbing: 'every fatal error passes here',
  named: 'no source text, and the function has a name',
  asked: 'they tell who asked, not what failed',
  chain: 'the chain is a circle or too long',
  shape: 'it is not what is documented',
  size: 'no stack is read beyond 256 frames or 1 MiB',
};

export function inSentences({ rules, leftOut }: Notes): { rules: RuleNote[]; leftOut: LeftOut[] } {
  return {
    rules: rules.map(([rule, detail = '']) => ({ rule, reason: RULES[rule] + detail })),
    leftOut: leftOut.map(([what, why]) => ({ what, reason: REASONS[why] ?? why })),
  };
}
