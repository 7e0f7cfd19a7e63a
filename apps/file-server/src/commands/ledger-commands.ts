import {
  CommandError,
  type CommandOptions,
  type Open,
  printable,
  printResult,
  printTable,
  reach,
  withReach,
} from '@fr/server/command';
import {
  type ChainedRecord,
  LEDGER_CSV_HEAD,
  type LedgerCheck,
  type LedgerSums,
  ledgerCsvLine,
  printBytes,
} from '@fr/sync';
import type { Command } from 'commander';
import { plural } from './plural.ts';

interface LedgerFlags extends CommandOptions {
  readonly verify?: boolean;
  readonly head?: string;
  readonly csv?: boolean;
  readonly entry?: string;
  readonly demand?: string;
  readonly since?: string;
}

interface LedgerList {
  readonly records: readonly ChainedRecord[];
  readonly sums: LedgerSums;
}

type CheckedFile = LedgerCheck & {
  readonly file: string;
  readonly setAside?: { readonly file: string; readonly bytes: number };
};

/** Adds `ledger`: what left, under which demand, who approved it; its check; exports. */
export function addLedgerCommand(program: Command, open: Open): void {
  const command = withReach(
    program
      .command('ledger')
      .description('every byte that left this site: when, under which demand, who approved it'),
  )
    .option('--verify', 'check the chain and add up; exits 1 where it does not hold')
    .option('--head <hash>', 'with --verify: the head of an earlier check, which has to be there still')
    .option('--csv', 'every record as CSV')
    .option('--entry <id>', 'only this entry')
    .option('--demand <id>', 'only what left under this demand')
    .option('--since <time>', 'only from then on, as in 2026-11-23');
  command.action(async (flags: LedgerFlags) => {
    if (flags.csv === true && (flags.json === true || flags.verify === true))
      throw new CommandError(
        'usage',
        '--csv stands alone: --json is another form, --verify another question',
      );
    if (flags.head !== undefined && flags.verify !== true)
      throw new CommandError('usage', '--head is what `ledger --verify` is to look for');
    if (flags.verify === true) await verify(flags, open);
    else await list(flags, open);
  });
}

async function list(flags: LedgerFlags, open: Open): Promise<void> {
  const { entry, demand, since } = flags;
  const listed = (await reach(
    flags,
    open,
    { name: 'ledger', acts: false },
    { entry, demand, since },
  )) as LedgerList;
  if (flags.csv !== true) {
    printResult(listed, flags.json, printLedger);
    return;
  }
  process.stdout.write(LEDGER_CSV_HEAD);
  for (const record of listed.records) process.stdout.write(ledgerCsvLine(record));
}

async function verify(flags: LedgerFlags, open: Open): Promise<void> {
  const asked = { verify: true, head: flags.head };
  const check = (await reach(flags, open, { name: 'ledger', acts: false }, asked)) as CheckedFile;
  printResult(check, flags.json, printCheck);
  if (!check.ok) process.exitCode = 1;
}

/** A line for each attempt, with what came of it. */
function printLedger({ records, sums }: LedgerList): string {
  if (records.length === 0) return 'nothing has left this site';
  const outcomes = new Map(records.map((record) => [record.outcomeOf ?? 0, record]));
  const rows = records
    .filter(({ kind }) => kind !== 'outcome')
    .map((record) => {
      const outcome = outcomes.get(record.seq);
      const left = outcome ?? record;
      return [
        String(record.seq),
        new Date(record.at).toISOString(),
        record.kind,
        record.entryId ?? plural(record.buckets?.length ?? 0, 'bucket'),
        record.types?.join(', ') ?? '',
        record.demands.join(', '),
        record.approvedBy?.join(', ') ?? '',
        String(left.headerBytes),
        String(left.payloadBytes),
        outcomeWords(outcome),
      ];
    });
  const headings = [
    'no #',
    'when',
    'what',
    'of',
    'types',
    'under',
    'approved by',
    'header #',
    'payload #',
    'outcome',
  ];
  const { headerBytes, payloadBytes } = sums.total;
  return `${printTable(headings, rows)}\nleft in all: ${headerBytes} bytes of headers, ${payloadBytes} of payload`;
}

function outcomeWords(outcome: ChainedRecord | undefined): string {
  if (!outcome) return 'no word of it (counted as left)';
  const { outcome: word = '', reason = '' } = outcome;
  return word === 'delivered' ? reason : `${word}: ${reason}`;
}

function printCheck(check: CheckedFile): string {
  const { headerBytes, payloadBytes, records, head, setAside, torn, firstBad, holdsHead } = check;
  const sums = `${plural(records, 'record')}; ${headerBytes} bytes of headers and ${payloadBytes} of payload left`;
  const lines = [printable(verdict(check, sums))];
  if (holdsHead === false && firstBad === undefined)
    lines.push('LINES WERE CUT OFF AT THE END: the head that was kept is not in it any more');
  if (torn !== undefined)
    lines.push(
      `its last line (${printBytes(torn)}) was torn by a crash; nothing had left under it, the next start sets it aside`,
    );
  if (setAside)
    lines.push(
      printable(`lines torn by crashes were set aside in ${setAside.file} (${printBytes(setAside.bytes)})`),
    );
  if (head)
    lines.push(`head: no ${head.seq}, ${head.hash} (keep it elsewhere, and check it later with --head)`);
  return lines.join('\n');
}

function verdict({ ok, firstBad, torn, records }: CheckedFile, sums: string): string {
  if (ok || firstBad === undefined) return `the chain holds: ${sums}`;
  if (torn !== undefined && firstBad === records + 1) return `the chain holds up to its last line: ${sums}`;
  return `THE CHAIN IS BROKEN at record ${firstBad}: ${sums} in all that can be read`;
}
