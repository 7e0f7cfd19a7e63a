/** Failures of programs that we wrote and broke ourselves: `faults/own`. */
import type { Case, Corpus } from '../../case.ts';
import { installNodes } from '../nodes.ts';
import { allOf } from '../pool.ts';
import { TextCollector } from '../texts.ts';
import { Attempts } from './attempts.ts';
import type { Fault, Program } from './fault.ts';
import { observedCase } from './observed-case.ts';
import { type PlannedCase, plannedCases } from './plan.ts';
import { own } from './programs.ts';

/** A program that comes as one executable or in an archive has no files to read: every so many-th fault is met so. */
const UNREADABLE = 6;

/**
 * Builds, runs and gathers; the order of faults and cases is that of the lists. Throws, when all is done, if an
 * attempt did not end in its fault.
 */
export async function ownCollection(): Promise<Corpus> {
  const attempts = new Attempts(installNodes());
  const texts = new TextCollector();
  const wrong: string[] = [];
  async function caseOf(
    program: Program,
    fault: Fault,
    planned: PlannedCase,
    readable: boolean,
  ): Promise<Case[]> {
    try {
      const observed = await attempts.observe(program, fault, planned.attempt);
      return [observedCase({ texts, program, fault, planned, observed, readable })];
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  }
  const tasks = allFaults().flatMap(({ program, fault }, turn) =>
    plannedCases(program, fault, turn).map(
      (planned) => () => caseOf(program, fault, planned, turn % UNREADABLE !== UNREADABLE - 1),
    ),
  );
  try {
    const cases = (await allOf(tasks)).flat();
    if (wrong.length > 0) throw new Error([...new Set(wrong)].join('\n'));
    return { cases, texts: texts.texts };
  } finally {
    attempts.remove();
  }
}

function allFaults(): readonly { readonly program: Program; readonly fault: Fault }[] {
  return own.flatMap((program) => program.faults.map((fault) => ({ program, fault })));
}
