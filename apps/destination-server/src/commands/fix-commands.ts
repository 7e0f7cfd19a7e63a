import { addVerbCommand, type Open, printTable } from '@fr/server/command';
import type { SeenAgain } from '@fr/sync';
import type { Command } from 'commander';

interface ListedFix {
  readonly problemId: string;
  readonly state: string;
  readonly fixedIn: string;
  readonly by: string;
  readonly at: number;
  readonly seenAgain?: SeenAgain;
}

type Undone = { readonly problemId: string; readonly undone: true };

/** Adds `fixes` and `fix`. */
export function addFixCommands(program: Command, open: Open): void {
  addVerbCommand<readonly ListedFix[]>(program, open, {
    verb: 'fixes',
    acts: false,
    summary: 'what is held for fixed, and where it was seen again',
    print: printFixes,
  });
  addVerbCommand<ListedFix | Undone>(program, open, {
    verb: 'fix',
    acts: true,
    summary: 'mark a problem as fixed: its demands close, and open again when a later version has it',
    arguments: '<bucketOrProblemId>',
    options: (command) =>
      command
        .option('--in <version>', 'the first version of the program that has the fix')
        .option('--by <name>', 'who says so', process.env['USER'] ?? 'vendor')
        .option('--undo', 'it is not fixed'),
    params: ([target], options) => ({ ...options, target }),
    print: (said) =>
      'undone' in said ? `${said.problemId} is not held for fixed any more` : printFixes([said]),
  });
}

function printFixes(fixes: readonly ListedFix[]): string {
  if (fixes.length === 0) return 'nothing is marked as fixed';
  return printTable(
    ['problem', 'state', 'fixed in', 'by', 'since', 'seen again in', 'of', 'asked anew'],
    fixes.map(({ problemId, state, fixedIn, by, at, seenAgain }) => [
      problemId,
      state,
      fixedIn,
      by,
      new Date(at).toISOString().slice(0, 10),
      seenAgain?.programVersion ?? '',
      seenAgain?.bucketId ?? '',
      seenAgain?.demands.join(' ') ?? '',
    ]),
  );
}
