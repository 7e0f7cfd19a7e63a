import { type Command, Option } from 'commander';
import type { Params } from '../administration/verb.ts';

const FILTERS = [
  ['--program <name>', 'program', 'only this program'],
  ['--program-version <version>', 'programVersion', 'only this version of it'],
  ['--module <name>', 'module', 'only where this module failed'],
  ['--text <words>', 'text', 'only where program, module or location contain this'],
  ['--min-hits <n>', 'hitsFrom', 'only with so many hits or more'],
  ['--seen-since <when>', 'seenFrom', 'only if hit since then: 2026-11-20, or 2d for two days ago'],
  ['--seen-before <when>', 'seenBefore', 'only if not hit since then'],
  ['--new-since <when>', 'newFrom', 'only if hit for the first time since then'],
  ['--limit <n>', 'limit', 'at most so many; 100 where not given, at most 10000'],
  ['--after <place>', 'after', 'go on where the list ended that said so'],
] as const;

/** Adds the options that narrow a list. */
export function withFilters(command: Command): Command {
  for (const [flags, , summary] of FILTERS) command.option(flags, summary);
  return command.addOption(
    new Option('--state <state>', 'only with hits alone, or with entries in this state').choices([
      'counted',
      'pending',
      'uploaded',
    ]),
  );
}

/** Adds `--sort`, for lists that are not ordered by time anyway. */
export function withOrder(command: Command): Command {
  return command.addOption(
    new Option('--sort <by>', 'what comes first')
      .choices(['hits', 'last-seen', 'first-seen'])
      .default('hits'),
  );
}

/** The verb's parameters from the options. */
export function filterParams(_words: readonly unknown[], options: Readonly<Record<string, unknown>>): Params {
  const params = FILTERS.map(([flags, name]) => [name, options[optionName(flags)]] as const);
  return {
    ...Object.fromEntries(params),
    state: options['state'],
    order: options['sort'],
    bucketId: options['bucket'],
  };
}

/** As commander names it: `--min-hits <n>` is `minHits`. */
function optionName(flags: string): string {
  const [flag = ''] = flags.slice(2).split(' ');
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
