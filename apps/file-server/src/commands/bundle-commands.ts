import { resolve } from 'node:path';
import { addVerbCommand, CommandError, type Open, printable } from '@fr/server/command';
import type { ExportSummary, ReplySummary } from '@fr/sync';
import type { Command } from 'commander';
import { plural } from './plural.ts';

/** Adds `export` and `import`. */
export function addBundleCommands(program: Command, open: Open): void {
  addVerbCommand<ExportSummary>(program, open, {
    verb: 'export',
    acts: true,
    summary: 'write what a pass would send into one signed file, to be carried to the vendor',
    arguments: '<file>',
    options: (command) =>
      command.option('--one-way', 'no reply will ever come: what is carried counts as delivered'),
    params: ([file], options) => ({ file: pathHere(file, options), oneWay: options['oneWay'] }),
    print: ({ file, bytes, buckets, entries, verdicts }) => {
      const wrote = `${printable(file)}: ${plural(bytes, 'byte')}, ${plural(buckets, 'bucket')}, ${entries} entries`;
      const waiting = verdicts['await-approval'] ?? 0;
      const waits = waiting > 0 ? `; ${waiting} wait for approval` : '';
      return `${wrote}${waits}\nall of it is in the ledger as having left; until a reply comes the next bundle has it again`;
    },
  });
  addVerbCommand<ReplySummary>(program, open, {
    verb: 'import',
    acts: true,
    summary: 'take in the reply to a bundle that was carried to the vendor',
    arguments: '<file>',
    params: ([file], options) => ({ file: pathHere(file, options) }),
    print: ({ delivered, notNeeded, refused, demands, rejected, answers }) => {
      const came = `${delivered} entries arrived, ${notNeeded} were not needed, ${refused} were refused`;
      const bad = rejected.map(
        ({ demandId, reason }) => `\nnot believed: ${printable(demandId)} (${reason})`,
      );
      return `${came}; ${plural(demands, 'demand')}, ${plural(answers, 'answer')}${bad.join('')}`;
    },
  });
}

function pathHere(file: unknown, options: Readonly<Record<string, unknown>>): string {
  if (options['server'] === undefined) return resolve(String(file));
  throw new CommandError(
    'usage',
    'bundles are files of the machine the server runs on; use the command there',
  );
}
