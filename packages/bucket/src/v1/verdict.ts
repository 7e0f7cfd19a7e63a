import type { ChosenFrame, LeftOut, RuleNote } from '../explanation.ts';

/** What the rules found; `module` is empty when the program itself is meant. */
export interface Verdict {
  readonly module: string;
  readonly moduleVersion: string;
  readonly location: string;
  readonly frame?: ChosenFrame;
}

/** The notes rules write while they decide. */
export interface Notes {
  readonly rules: RuleNote[];
  readonly leftOut: LeftOut[];
}

const MAX_LEFT_OUT = 40;

export function ruleFired(notes: Notes, rule: string, reason: string): void {
  notes.rules.push({ rule, reason });
}

export function leaveOut(notes: Notes, what: string, reason: string): void {
  if (notes.leftOut.length < MAX_LEFT_OUT) notes.leftOut.push({ what, reason });
}
