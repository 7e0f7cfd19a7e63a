import { addVerbCommand, type Open, printTable } from '@fr/server/command';
import type { Command } from 'commander';

interface ListedDemand {
  readonly demandId: string;
  readonly state: string;
  readonly why: string;
  readonly types: readonly { readonly type: string; readonly count: number }[];
  readonly reason: string;
  readonly author: string;
  readonly until: number;
}

/** Adds `demands`, `approve` and `deny`. */
export function addDemandCommands(program: Command, open: Open): void {
  addVerbCommand<readonly ListedDemand[]>(program, open, {
    verb: 'demands',
    acts: false,
    summary: 'what the vendor asks for, why, and where it stands here',
    print: printDemands,
  });
  for (const [verb, summary] of [
    ['approve', 'let what a demand asks for be collected and sent, up to its count'],
    ['deny', 'refuse a demand'],
  ] as const) {
    addVerbCommand<readonly ListedDemand[]>(program, open, {
      verb,
      acts: true,
      summary,
      arguments: '[ids...]',
      options: (command) =>
        command
          .option('--all', 'every demand that waits')
          .option('--by <name>', 'who decides, for the record'),
      params: ([ids], { all, by }) => ({ ids, all, by }),
      print: (demands) => (demands.length === 0 ? 'no demand waits' : printDemands(demands)),
    });
  }
}

function printDemands(demands: readonly ListedDemand[]): string {
  if (demands.length === 0) return 'no demand: nothing is asked of this site';
  return printTable(
    ['demand', 'state', 'asks for', 'until', 'reason', 'by'],
    demands.map(({ demandId, state, types, until, reason, author }) => [
      demandId,
      state,
      types.map(({ type, count }) => `${count} × ${type}`).join(', '),
      new Date(until).toISOString().slice(0, 10),
      reason,
      author,
    ]),
  );
}
