import { problemId } from '@fr/bucket';
import { flagParam, neededParam, type Params, ServerError, textParam, type Verb } from '@fr/server';
import { type Fix, SyncError } from '@fr/sync';
import { patternOf } from '../vendor/target-pattern.ts';
import type { Vendor } from '../vendor/vendor.ts';

/** `fixes`, `fix`: what is held for fixed, and where it was seen again all the same. */
export function fixVerbs(vendor: Vendor): readonly Verb[] {
  return [
    { name: 'fixes', acts: false, run: async () => (await vendor.fixes.list()).map(printFix) },
    { name: 'fix', acts: true, run: (params) => fix(vendor, params) },
  ];
}

async function fix(vendor: Vendor, params: Params): Promise<object> {
  const target = neededParam(params, 'target');
  const problem = await problemOf(vendor, target);
  if (flagParam(params, 'undo')) {
    if (await vendor.fixes.undo(problem)) return { problemId: problem, undone: true };
    throw new ServerError('not-found', 404, `${target} is not marked as fixed; \`fixes\` lists what is`);
  }
  const [version, by] = [neededParam(params, 'in'), textParam(params, 'by') ?? 'vendor'];
  return await vendor.fixes.mark(problem, version, by).then(printFix, (error: unknown) => {
    if (!(error instanceof SyncError)) throw error;
    throw new ServerError('malformed', 400, `it cannot be marked: ${error.message}`, { cause: error });
  });
}

/** A bucket stands for its problem: what is fixed is a cause, not one version of it. */
async function problemOf({ store }: Vendor, target: string): Promise<string> {
  const pattern = await patternOf(store.queries, { target });
  const row = pattern.bucketId === undefined ? undefined : await store.queries.bucket(pattern.bucketId);
  return row ? problemId(row.bucket) : (pattern.problemId ?? target);
}

/** A mark as people see it. */
export function printFix({ problemId, fixedIn, at, by, closed, seenAgain }: Fix): object {
  const state = seenAgain ? 'seen again' : 'fixed';
  return { problemId, state, fixedIn, at, by, closed, ...(seenAgain ? { seenAgain } : {}) };
}
