/**
 * What the commands of both servers have in common: `--json` prints one JSON value on stdout and nothing else there,
 * hints go to stderr; exit 0 done, 1 failed, 2 wrong usage with the nearest right word.
 * @module
 */
import { StoreError } from '@fr/store';
import { Command, CommanderError } from 'commander';
import { ServerError } from '../http/server-error.ts';
import { CommandError } from './command-error.ts';
import { printable } from './printable.ts';

/** A commander program with fr's conventions. */
export function createProgram(name: string, version: string, summary: string): Command {
  const program = new Command(name)
    .description(summary)
    .version(version)
    .showSuggestionAfterError(true)
    .showHelpAfterError(`(${name} --help lists everything)`)
    .enablePositionalOptions();
  return program;
}

/** Runs the program on the words behind its name and returns the exit code. */
export async function runProgram(program: Command, words: readonly string[]): Promise<number> {
  for (const command of [program, ...descendants(program)]) command.exitOverride();
  try {
    await program.parseAsync(words, { from: 'user' });
    // A command that did its work and found something wrong says so by `process.exitCode`.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${program.name()}: ${printable(messageOf(error))}\n`);
    return error instanceof CommandError && error.code === 'usage' ? 2 : 1;
  }
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

/** One line. An error we did not foresee shows its stack where FR_DEBUG is set. */
function messageOf(error: unknown): string {
  const expected =
    error instanceof CommandError || error instanceof ServerError || error instanceof StoreError;
  if (!(error instanceof Error)) return String(error);
  if (expected || !process.env['FR_DEBUG']) return error.message;
  return error.stack ?? error.message;
}

/** Prints a result: one JSON value with `--json`, otherwise whatever `toText` makes of it. */
export function printResult<T>(value: T, json: boolean | undefined, toText: (value: T) => string): void {
  process.stdout.write(
    json === true
      ? `${JSON.stringify(value, undefined, process.stdout.isTTY ? 2 : 0)}\n`
      : `${toText(value)}\n`,
  );
}
