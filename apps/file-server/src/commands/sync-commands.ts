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
import type { LedgerCheck, LedgerRecord, LedgerSums, PassPreview, PassSummary } from '@fr/sync';
import type { Command } from 'commander';
import { printPreview } from './preview-page.ts';

/** Adds `sync`, `preview` and `ledger`. */
export function addSyncCommands(program: Command, open: Open): void {
  addSync(program, open);
  addVerbCommand<PassPreview>(program, open, {
    verb: 'preview',
    acts: false,
    summary: 'what the next pass would name, send and leave here, and why; sends nothing',
    print: printPreview,
  });
  addLedger(program, open);
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

function addLedger(program: Command, open: Open): void {
  const command = withReach(
    program.command('ledger').description('every byte that left this site, and under which demand'),
  );
  command.option('--verify', 'check the chain and add up');
  command.action(async (flags: CommandOptions & { verify?: boolean }) => {
    const value = await reach(flags, open, { name: 'ledger', acts: false }, { verify: flags.verify });
    if (flags.verify !== true) {
      printResult(value as { records: readonly LedgerRecord[]; sums: LedgerSums }, flags.json, printLedger);
      return;
    }
    const check = value as LedgerCheck;
    printResult(check, flags.json, printCheck);
    if (!check.ok) process.exitCode = 1;
  });
}

function printLedger({
  records,
  sums,
}: {
  readonly records: readonly LedgerRecord[];
  readonly sums: LedgerSums;
}): string {
  if (records.length === 0) return 'nothing has left this site';
  const rows = records.map((record) => [
    String(record.seq),
    new Date(record.at).toISOString(),
    record.kind === 'outcome' ? `outcome of ${record.outcomeOf}: ${record.outcome}` : record.kind,
    record.types?.join(', ') ?? '',
    record.demands.join(', '),
    String(record.headerBytes),
    String(record.payloadBytes),
  ]);
  const table = printTable(['no #', 'when', 'what', 'types', 'under', 'header #', 'payload #'], rows);
  return `${table}\nleft in all: ${sums.total.headerBytes} bytes of headers, ${sums.total.payloadBytes} of payload`;
}

function printCheck(check: LedgerCheck): string {
  const sums = `${check.records} records; ${check.headerBytes} bytes of headers and ${check.payloadBytes} of payload left`;
  return check.ok
    ? `the chain holds: ${sums}`
    : `THE CHAIN IS BROKEN at record ${check.firstBad}: ${sums} up to there`;
}
