import {
  addVerbCommand,
  CommandError,
  type CommandOptions,
  type Open,
  printResult,
  printTable,
  reach,
  withReach,
} from '@fr/server/command';
import type { Command } from 'commander';
import { type ApprovalSheet, printApproval } from './pages/approval-page.ts';

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
  addDecision(program, open, 'approve', 'let what a demand asks for be collected and sent, up to its count');
  addDecision(program, open, 'deny', 'refuse a demand');
}

interface DecisionFlags extends CommandOptions {
  readonly all?: boolean;
  readonly by?: string;
  readonly seen?: string;
  readonly show?: boolean;
}

function addDecision(program: Command, open: Open, verb: 'approve' | 'deny', summary: string): void {
  const command = withReach(program.command(`${verb} [ids...]`).description(summary))
    .option('--show', 'only show what saying yes would mean: who asks, why, for what; decide nothing')
    .option('--all', 'every demand that waits')
    .option('--seen <hash>', 'only if the demand is still what --show showed')
    .option('--by <name>', 'who decides, for the record');
  command.action(async (ids: readonly string[], flags: DecisionFlags) => {
    if (flags.show === true) {
      await showSheets(ids, flags, open);
      return;
    }
    const { all, by, seen } = flags;
    const decided = await reach(flags, open, { name: verb, acts: true }, { ids, all, by, seen });
    printResult(decided as readonly ListedDemand[], flags.json, (demands) =>
      demands.length === 0 ? 'no demand waits' : printDemands(demands),
    );
  });
}

async function showSheets(ids: readonly string[], flags: DecisionFlags, open: Open): Promise<void> {
  if (ids.length === 0)
    throw new CommandError('usage', 'name the demands to show by id; `demands` lists them');
  const sheets: ApprovalSheet[] = [];
  for (const id of ids)
    sheets.push((await reach(flags, open, { name: 'approval', acts: false }, { id })) as ApprovalSheet);
  printResult(sheets, flags.json, (all) => all.map(printApproval).join('\n\n'));
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
