/** The two questions a corpus is asked: within one version of everything, and across versions. */
import type { Case } from '../case.ts';

/**
 * `bucket`: a fault in one version of the program is one bucket. Cases that vary a module's version are left out:
 * there the bucket has to differ exactly when that module is responsible, which no label tells.
 * `problem`: a fault is one problem, whatever the versions; every case takes part.
 */
export type Level = 'bucket' | 'problem';

/** What a case is at a level; `undefined` when it takes no part there. */
export function truthOf(one: Case, level: Level): string | undefined {
  if (level === 'problem') return one.fault;
  return one.scope === 'module-version' ? undefined : `${one.fault} of ${one.programVersion}`;
}
