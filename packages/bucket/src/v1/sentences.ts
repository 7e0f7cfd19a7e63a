/** The sentences behind the names of rules, and behind the reasons for leaving something out. */
import type { LeftOut, RuleNote } from '../explanation.ts';
import type { Notes } from './notes.ts';

/** What the rule saw follows its sentence. */
const RULES: Readonly<Record<string, string>> = {
  'own-frame': 'innermost frame of the program that does not just throw for its caller',
  'evaluated-frame': 'no frame of the program but in code from eval, so where that was made',
  'own-messenger': 'the program has no frame but one that throws for its caller',
  'module-frame': 'no frame of the program, so the innermost of a module that is no mere carrier',
  'any-module-frame': 'nothing but carriers, so the innermost frame of a module',
  'generated-frame': 'nothing but code that a compiler wrote',
  'failing-side': 'the program had called a module, and that refused: ',
  'source-line': 'position is the text, not the line number: ',
  'line-number': 'no source text and no function name, so the line number',
  recursion: 'the call stack ran out, so the functions that recur',
  cause: 'no frame of the program in the cause, it tells what was refused: ',
  'root-cause': 'innermost error of the chain with a place, and the outermost class',
  members: 'several errors, so the set of their places or of what was refused',
  'code-only': 'no frame, so code and system call',
  'message-class': 'no frame and no code, so the class and the plain words of the message',
  signal: 'nothing but the signal is known',
  exit: 'nothing but the exit code is known',
  'fatal-trigger': 'no native symbol says more',
  'fatal-symbol': 'trigger and first meaningful native symbol',
  hang: 'function in which the thread was blocked',
  'no-stack': 'no stack of the blocked thread',
  native: 'module and offset of the faulting instruction',
  unreadable: 'the failure is not of the documented shape',
};

const REASONS: Readonly<Record<string, string>> = {
  runtime: 'the runtime, not the program',
  module: 'a module the program called',
  evaluated: 'code from eval; engines do not agree on where it lies, but on who runs it',
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
    leftOut: leftOut.map(([what, why]) => {
      const word = typeof why === 'string' ? why : why();
      return { what, reason: REASONS[word] ?? word };
    }),
  };
}
