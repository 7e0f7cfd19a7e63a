/**
 * What rules write down while they decide. Names only: the sentences they stand for are in `sentences.ts`, which
 * nobody pays for who does not ask for an explanation.
 */
export interface Notes {
  readonly rules: [rule: string, detail: string | undefined][];
  readonly leftOut: [what: string, why: string | (() => string)][];
}

const MAX_LEFT_OUT = 40;

export function newNotes(): Notes {
  return { rules: [], leftOut: [] };
}

export function ruleFired(notes: Notes, rule: string, detail?: string): void {
  notes.rules.push([rule, detail]);
}

export function leaveOut(notes: Notes, what: string, why: string | (() => string)): void {
  if (notes.leftOut.length < MAX_LEFT_OUT) notes.leftOut.push([what.slice(0, 120), why]);
}
