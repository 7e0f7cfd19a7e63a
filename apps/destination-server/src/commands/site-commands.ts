import {
  type CommandOptions,
  type Open,
  printResult,
  printTable,
  reach,
  withReach,
} from '@fr/server/command';
import type { Command } from 'commander';

interface ListedSite {
  readonly name: string;
  readonly addedAt: number;
  readonly revokedAt?: number;
}

/** Adds `sites add | list | revoke`. */
export function addSiteCommands(program: Command, open: Open): void {
  const sites = program.command('sites').description('the sites that may offer and hand in');

  const add = withReach(
    sites.command('add <name>').description('enrol a site; prints exactly its token, once'),
  );
  add.action(async (name: string, flags: CommandOptions) => {
    const made = (await reach(flags, open, { name: 'sites-add', acts: true }, { name })) as { token: string };
    printResult(made, flags.json, ({ token }) => token);
    if (flags.json !== true && process.stderr.isTTY) {
      process.stderr.write(
        `Give this to the site's administrator: fr-admin serve --upstream URL --upstream-token TOKEN --upstream-program NAME\n`,
      );
    }
  });

  const list = withReach(sites.command('list').description('who is enrolled'));
  list.action(async (flags: CommandOptions) => {
    const listed = (await reach(flags, open, { name: 'sites', acts: false }, {})) as readonly ListedSite[];
    printResult(listed, flags.json, printSites);
  });

  const revoke = withReach(
    sites.command('revoke <name>').description("a site's token stops to work at once"),
  );
  revoke.action(async (name: string, flags: CommandOptions) => {
    const revoked = await reach(flags, open, { name: 'sites-revoke', acts: true }, { name });
    printResult(revoked, flags.json, () => `the token of "${name}" no longer works`);
  });
}

function printSites(sites: readonly ListedSite[]): string {
  if (sites.length === 0) return 'no site is enrolled; `sites add NAME` prints a token for one';
  return printTable(
    ['site', 'since', 'in force'],
    sites.map(({ name, addedAt, revokedAt }) => [
      name,
      new Date(addedAt).toISOString(),
      revokedAt === undefined ? 'yes' : 'no',
    ]),
  );
}
