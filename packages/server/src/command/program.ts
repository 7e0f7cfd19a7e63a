/**
 * What the commands of both servers have in common: `--json` prints one JSON value on stdout and nothing else there,
 * hints go to stderr; exit 0 done, 1 failed, 2 wrong usage with the nearest right word.
 * @module
 */
import { StoreError } from '@fr/store';
import { SyncError } from '@fr/sync';
import { Command, CommanderError } from 'commander';
import { ServerError } from '../http/server-error.ts';
import { CommandError } from './command-error.ts';
import { printable, printJson } from './printable.ts';

/** A commander program with fr's conventions. */
export function createProgram(name: string, version: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .version(version)
    .showSuggestionAfterError(true)
    .enablePositionalOptions();
}

/** Runs the program on the words behind its name and returns the exit code. */
export async function runProgram(program: Command, words: readonly string[]): Promise<number> {
  for (const command of [program, ...descendants(program)]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(`${program.name()}: ${usageLine(text, pathOf(command))}\n`),
    });
  }
  // Whoever reads our output may have seen enough of it (`| head`).
  process.stdout.off('error', ignoreClosedPipe).on('error', ignoreClosedPipe);
  try {
    await program.parseAsync(words, { from: 'user' });
    // A command that did its work and found something wrong says so by `process.exitCode`.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${program.name()}: ${printable(messageOf(error))}\n`);
    return isUsage(error) ? 2 : 1;
  }
}

/** What was typed is wrong, whether the command line, a verb or the other side's verb found it. */
function isUsage(error: unknown): boolean {
  if (error instanceof CommandError) return error.code === 'usage';
  return error instanceof ServerError && error.code === 'malformed';
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** What commander says in two lines as one, with where to read on. */
function usageLine(text: string, path: string): string {
  const [problem = '', hint] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const nearest = hint === undefined ? '' : `; ${hint.replace(/^\(Did/, 'did').replace(/\)$/, '')}`;
  return printable(`${problem.replace(/\.$/, '')}${nearest} (\`${path} --help\` lists what there is)`);
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/** One line. An error we did not foresee shows its stack where FR_DEBUG is set. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (EXPECTED.some((kind) => error instanceof kind)) return error.message;
  if (process.env['FR_DEBUG']) return error.stack ?? error.message;
  return `${error.message} (with FR_DEBUG=1 the place is shown)`;
}

const EXPECTED = [CommandError, ServerError, StoreError, SyncError] as const;

/** Prints a result: one JSON value with `--json`, otherwise whatever `toText` makes of it. */
export function printResult<T>(value: T, json: boolean | undefined, toText: (value: T) => string): void {
  process.stdout.write(
    json === true ? `${printJson(value, process.stdout.isTTY ? 2 : 0)}\n` : `${toText(value)}\n`,
  );
}
