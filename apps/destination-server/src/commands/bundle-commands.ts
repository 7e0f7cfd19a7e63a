import { resolve } from 'node:path';
import { addVerbCommand, CommandError, type Open, printable } from '@fr/server/command';
import type { BundleSummary } from '@fr/sync';
import type { Command } from 'commander';

type Imported = BundleSummary & { readonly reply?: { readonly file: string; readonly bytes: number } };

/** Adds `import`. */
export function addBundleCommands(program: Command, open: Open): void {
  addVerbCommand<Imported>(program, open, {
    verb: 'import',
    acts: true,
    summary: 'take in a bundle that was carried here from a site, and write the reply to carry back',
    arguments: '<file>',
    options: (command) => command.option('--reply <file>', 'where to write the reply'),
    params: ([file], options) => {
      if (options['server'] !== undefined)
        throw new CommandError('usage', '`import` reads a file of this machine; run it where the server is');
      const reply = options['reply'];
      return {
        file: resolve(String(file)),
        ...(typeof reply === 'string' ? { reply: resolve(reply) } : {}),
      };
    },
    print: ({ site, buckets, stored, duplicates, notNeeded, refused, reply }) => {
      const came = `from ${printable(site)}: ${buckets} buckets, ${stored} entries stored, ${duplicates} known already, ${notNeeded} not needed, ${refused} refused`;
      if (reply) return `${came}\nreply: ${printable(reply.file)} (${reply.bytes} bytes); carry it back`;
      return `${came}\nno reply was written; with --reply FILE the site learns what came and what is wanted`;
    },
  });
}
