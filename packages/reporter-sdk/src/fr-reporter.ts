/**
 * `fr-reporter`, the failure reporting executable: makes failure reports from what a dying program left in its spool
 * and brings them to the site. Started at the failure by the program itself; may be started by hand at any time.
 * @module
 */

import type { Environment } from './host/settings/settings.ts';
import { runConsent } from './reporter/command/consent.ts';
import { runDeliver } from './reporter/command/deliver.ts';
import { runDoctor } from './reporter/command/doctor.ts';
import { type Output, outputTo } from './reporter/command/output.ts';
import { runSupervised } from './reporter/command/run.ts';
import { runStatus } from './reporter/command/status.ts';
import { type CommandLine, parseCommandLine, UsageError } from './reporter/command/usage.ts';
import { runWithdraw } from './reporter/command/withdraw.ts';
import { SpoolError } from './spool/spool-error.ts';

type Command = (line: CommandLine, environment: Environment, output: Output) => number | Promise<number>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['deliver', runDeliver],
  ['status', runStatus],
  ['withdraw', runWithdraw],
  ['consent', runConsent],
  ['doctor', runDoctor],
  ['run', runSupervised],
]);

const USAGE = `usage: fr-reporter COMMAND [--spool DIR] [--json]

  deliver          bring what waits in the spool to the site's file server
  status           what waits, what was sent and what not, what the site asks for
  withdraw ID      take a failure that waits out of the spool, before anything of it is sent
  consent [LEVEL]  set what may be sent (off, count, minimal, standard or full); without LEVEL ask, or say it
  doctor           check the configuration with a test failure, which no site counts, and say what to do
  run -- COMMAND…  run a command, untouched, and report when it dies by a signal or with an exit code

FR_SERVER, FR_KEY and FR_SPOOL_DIR are taken from the environment; without them the spool knows where its program
reports to. Exit code: 0 done, 1 failed, 2 wrong usage.
`;

async function main(args: readonly string[]): Promise<number> {
  const line = parseCommandLine(args, [...COMMANDS.keys()]);
  const output = outputTo(line.json, process.stdout, process.stderr);
  const command = COMMANDS.get(line.command);
  if (line.help || !command) {
    (line.help ? process.stdout : process.stderr).write(USAGE);
    return line.help ? 0 : 2;
  }
  try {
    return await command(line, process.env, output);
  } catch (error) {
    if (error instanceof SpoolError) return output.fail(error.message);
    if (isFull(error)) return output.fail('no space is left for the spool; make room, then try again');
    throw error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`fr-reporter: ${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = usage ? 2 : 1;
}
