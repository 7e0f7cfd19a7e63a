import { type Command, Option } from 'commander';
import type { Params } from '../../administration/verb.ts';
import { printResult } from '../program.ts';
import { type Open, type ReachOptions, reach } from './reach.ts';

/** Options of every command that looks into a server. */
export interface CommandOptions extends ReachOptions {
  readonly json?: boolean;
}

/** Adds `--data`, `--server`, `--token` and `--json`. */
export function withReach(command: Command): Command {
  return (
    command
      // From the environment by name, so that the help shows no value of it.
      .addOption(new Option('--data <dir>', 'the folder of a server here, running or not').env('FR_DATA'))
      .option('--server <url>', 'a server elsewhere')
      .addOption(new Option('--token <token>', "an administrator's token for --server").env('FR_TOKEN'))
      .option('--json', 'print one JSON value')
  );
}

/** A command that is one verb. */
export interface VerbCommand<T> {
  readonly verb: string;
  readonly acts: boolean;
  readonly summary: string;
  /** Arguments as commander writes them, as in `<id>` or `[ids...]`. */
  readonly arguments?: string;
  readonly options?: (command: Command) => Command;
  /** Parameters from the arguments and options. */
  readonly params?: (words: readonly unknown[], options: Readonly<Record<string, unknown>>) => Params;
  readonly print: (value: T) => string;
}

/** Adds a command that carries its verb to wherever it can be done and prints what comes back. */
export function addVerbCommand<T>(program: Command, open: Open, spec: VerbCommand<T>): Command {
  const command = withReach(
    program
      .command(`${spec.verb}${spec.arguments === undefined ? '' : ` ${spec.arguments}`}`)
      .description(spec.summary),
  );
  spec.options?.(command);
  command.action(async (...given: unknown[]) => {
    const words = given.slice(0, -2);
    const options = command.opts<CommandOptions & Record<string, unknown>>();
    const params = spec.params?.(words, options) ?? {};
    // What a verb returns is plain JSON from our own code (or our own API); the printer knows its shape.
    const value = (await reach(options, open, { name: spec.verb, acts: spec.acts }, params)) as T;
    printResult(value, options.json, spec.print);
  });
  return command;
}
