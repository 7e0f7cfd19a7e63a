import { INFORMATION_TYPES, informationType, isInformationTypeName } from '@fr/protocol';
import { addVerbCommand, CommandError, type Open, printTable } from '@fr/server/command';
import { nearestWord } from '@fr/sync';
import type { Command } from 'commander';
import { patternParams, withPattern } from './pattern-options.ts';
import { untilOf } from './until-option.ts';

interface ListedDemand {
  readonly demandId: string;
  readonly state: string;
  readonly pattern: Readonly<Record<string, string>>;
  readonly when?: readonly string[];
  readonly types: readonly { readonly type: string; readonly count: number }[];
  readonly accepted: readonly { readonly type: string; readonly count: number }[];
  readonly each: string;
  readonly until: number;
  readonly reason: string;
}

/** Adds `demands`, `demand` and `withdraw`. */
export function addDemandCommands(program: Command, open: Open): void {
  addVerbCommand<readonly ListedDemand[]>(program, open, {
    verb: 'demands',
    acts: false,
    summary: 'what is still needed, and how much has come',
    print: printDemands,
  });
  addVerbCommand<ListedDemand>(program, open, {
    verb: 'demand',
    acts: true,
    summary: 'ask for information about a bucket, a problem, or whatever fits a pattern',
    arguments: '[bucketOrProblemId]',
    options: (command) =>
      withPattern(command)
        .requiredOption(
          '--type <types...>',
          `information types, as in ${INFORMATION_TYPES.slice(0, 6).join(', ')}`,
        )
        .option('--count <n>', 'how many of each', '1')
        .option(
          '--when <conditions...>',
          'only where all hold: "platform linux-*", "version >=1.2 <2", "hits >= 100", "hits <= 5"',
        )
        .requiredOption(
          '--reason <text>',
          'why; the administrator of the site and the person who crashed read it',
        )
        .option('--until <when>', 'a date (2026-12-31) or a duration (14d); at most 30 days, the default')
        .option('--author <name>', 'who asks', process.env['USER'] ?? 'vendor'),
    params: ([target], { type, when, count, reason, until, author, ...fields }) => ({
      ...patternParams(fields),
      target,
      when,
      types: knownTypes(type),
      count,
      reason,
      until: untilOf(until),
      author,
    }),
    print: (demand) => printDemands([demand]),
  });
  addVerbCommand<{ demandId: string }>(program, open, {
    verb: 'withdraw',
    acts: true,
    summary: 'close a demand that is no longer needed',
    arguments: '<demandId>',
    params: ([id]) => ({ id }),
    print: ({ demandId }) => `${demandId} is closed; sites learn of it with their next pass`,
  });
}

function knownTypes(types: unknown): readonly string[] {
  const list = Array.isArray(types) ? types.map(String) : [];
  for (const type of list) {
    if (isInformationTypeName(type) && informationType(type)) continue;
    throw new CommandError(
      'usage',
      `"${type}" is not an information type${didYouMean(type)}; there are ${INFORMATION_TYPES.join(', ')}, attachment:<name> and x-<name>`,
    );
  }
  return list;
}

function didYouMean(type: string): string {
  const nearest = nearestWord(type, INFORMATION_TYPES);
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}

function printDemands(demands: readonly ListedDemand[]): string {
  if (demands.length === 0) return 'no demand';
  return printTable(
    ['demand', 'state', 'of', 'when', 'asks for', 'has come', 'until', 'reason'],
    demands.map(({ demandId, state, pattern, when, types, accepted, each, until, reason }) => [
      demandId,
      state,
      Object.values(pattern).join(' '),
      when?.join(', ') ?? '',
      types.map(({ type, count }) => `${count} × ${type}${each === 'bucket' ? ' each' : ''}`).join(', '),
      accepted.map(({ type, count }) => `${count} × ${type}`).join(', '),
      new Date(until).toISOString().slice(0, 10),
      reason,
    ]),
  );
}
