import type { Command } from 'commander';

/** Options that say which buckets are meant, by their fields: the same for demands and answers. */
export function withPattern(command: Command): Command {
  return command
    .option('--program <name>', 'only failures of this program; needed where no id is given')
    .option('--program-version <glob>', 'only of these versions, as in 4.2.*')
    .option('--module <glob>', 'only in these modules')
    .option('--module-version <glob>', 'only in these versions of them')
    .option('--location <glob>', 'only at these places');
}

/** What was said of them, as parameters. */
export function patternParams({
  program,
  programVersion,
  module,
  moduleVersion,
  location,
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { program, programVersion, module, moduleVersion, location };
}
