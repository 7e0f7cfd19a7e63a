import type { Settings } from '@fr/store';
import {
  type BackupReport,
  backupStore,
  type RestoreReport,
  restoreStore,
  stepBack,
} from '@fr/store/embedded';
import { type Command, Option } from 'commander';
import { claimFolder, type FolderRole } from '../access/folder-role.ts';
import { CommandError } from './command-error.ts';
import { printable } from './printable.ts';
import { printResult } from './program.ts';
import { openFolder } from './reach/open-folder.ts';
import { RECORD } from './reach/running-server.ts';

interface BackupFlags {
  readonly data?: string;
  readonly json?: boolean;
}

/**
 * Adds `backup DIR`, `restore DIR` and `step-back`, all with `--data`: they work on files, in their own process; a backup
 * also beside the server that holds the folder. Exit 1 where something damaged had to be left out.
 */
export function addBackupCommands(program: Command, role: FolderRole): void {
  withFolder(
    program
      .command('backup <dir>')
      .description('copy the folder into a new one, checked, while a server runs on it'),
  ).action(async (to: string, flags: BackupFlags) => {
    const data = folderOf(flags);
    const report = await openFolder(data, () => backupStore(data, to, { without: [RECORD] }));
    printResult(report, flags.json, (value) => printBackup(value, to));
    if (!report.ok) process.exitCode = 1;
  });
  withFolder(
    program.command('restore <dir>').description('make a new folder of a backup; totals begin a new epoch'),
  ).action(async (from: string, flags: BackupFlags) => {
    const data = folderOf(flags);
    const accept = (settings: Settings) => claimFolder(settings, role, { dir: from, readOnly: true });
    const report = await openFolder(data, () => restoreStore(from, data, { accept }));
    printResult(report, flags.json, (value) => printRestore(value, data));
  });
  withFolder(
    program
      .command('step-back')
      .description(
        'bring a folder that nobody serves back by one version, for the version of this program before',
      ),
  ).action(async (flags: BackupFlags) => {
    const data = folderOf(flags);
    const version = await openFolder(data, () => stepBack(data));
    printResult({ version }, flags.json, () =>
      printable(
        `${data} has version ${version} now; starting this version of the program brings it forward again`,
      ),
    );
  });
}

function withFolder(command: Command): Command {
  return command
    .addOption(new Option('--data <dir>', 'the folder of the server').env('FR_DATA'))
    .option('--json', 'print one JSON value');
}

function folderOf({ data }: BackupFlags): string {
  if (data !== undefined) return data;
  throw new CommandError('usage', 'say which folder on this machine: --data DIR');
}

function printBackup({ entries, damaged, files, takenAt }: BackupReport, to: string): string {
  const lines = damaged.map(({ entryId, why }) => `left out: entry ${entryId}: ${why}`);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    ...lines,
    `${to} holds what was stored until ${new Date(takenAt).toISOString()}: ${entries} entries, each checked, and ${files.length} files (${bytes} bytes)`,
  ]
    .map(printable)
    .join('\n');
}

function printRestore({ entries, takenAt, origin }: RestoreReport, data: string): string {
  const when = new Date(takenAt).toISOString();
  return printable(
    `${data} is what was backed up on ${when}: ${entries} entries, each checked; it counts under epoch ${origin.epoch} from now on`,
  );
}
