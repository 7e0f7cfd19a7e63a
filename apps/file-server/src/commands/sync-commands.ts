import {
  addVerbCommand,
  type CommandOptions,
  type Open,
  printable,
  printResult,
  printTable,
  reach,
  withReach,
} from '@fr/server/command';
import type { PassSummary } from '@fr/sync';
import type { Command } from 'commander';
import { type PreviewView, printPreview } from './pages/preview-page.ts';

/** Adds `sync` and `preview`. */
export function addSyncCommands(program: Command, open: Open): void {
  addSync(program, open);
  addVerbCommand<PreviewView>(program, open, {
    verb: 'preview',
    acts: false,
    summary: 'what the next pass would name, send and leave here, and why; sends nothing',
    print: printPreview,
  });
}

function addSync(program: Command, open: Open): void {
  const command = withReach(
    program.command('sync').description('offer, ask, and send what is wanted and allowed, now'),
  );
  command.action(async (flags: CommandOptions) => {
    const summary = (await reach(flags, open, { name: 'sync', acts: true }, {})) as PassSummary;
    printResult(summary, flags.json, printSummary);
    if (!summary.failure) return;
    process.stderr.write(
      `fr-admin: ${printable(summary.failure.message)}; entries stay pending, the next pass tries again\n`,
    );
    process.exitCode = 1;
  });
}

function printSummary(summary: PassSummary): string {
  const { uploaded, headerBytes, payloadBytes, decisions } = summary;
  const sums = `${uploaded} uploaded; ${headerBytes} bytes of headers and ${payloadBytes} of payload left this site`;
  if (decisions.length === 0) return `no pending entry; ${sums}`;
  const rows = decisions.map(({ entryId, verdict, types, reason }) => [
    entryId,
    verdict,
    types.join(', '),
    reason,
  ]);
  return `${printTable(['entry', 'decision', 'types', 'reason'], rows)}\n${sums}`;
}
