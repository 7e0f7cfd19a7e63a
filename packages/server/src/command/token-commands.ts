import type { Command } from 'commander';
import { printTable } from './printable.ts';
import { printResult } from './program.ts';
import { type Open, reach } from './reach/reach.ts';
import { type CommandOptions, withReach } from './reach/reach-options.ts';

/** Commands for the verbs of one family of tokens. */
export interface TokenCommandsOptions {
  /** As in the verbs: `keys`, `sites`. */
  readonly noun: string;
  readonly summary: string;
  /** Roles a holder can have, the first being the default; with one, there is no `--role`. */
  readonly roles: readonly string[];
  /** What to say when nobody holds one. */
  readonly nobody: string;
}

interface Holder {
  readonly name: string;
  readonly role: string;
  readonly addedAt: number;
  readonly revokedAt?: number;
}

type RoleFlags = CommandOptions & { readonly role?: string };

/** Adds `NOUN add | list | revoke`. `add` prints the token alone on stdout; it is never shown again. */
export function addTokenCommands(program: Command, open: Open, options: TokenCommandsOptions): void {
  const { noun, summary, roles, nobody } = options;
  const family = program.command(noun).description(summary);
  const [usual] = roles;
  const withRole = (command: Command): Command =>
    roles.length < 2
      ? withReach(command)
      : withReach(command).option('--role <role>', roles.join(' or '), usual);

  withRole(
    family.command('add <name>').description('make a token for NAME; it is printed once, alone on stdout'),
  ).action(async (name: string, flags: RoleFlags) => {
    const made = (await reach(
      flags,
      open,
      { name: `${noun}-add`, acts: true },
      { name, role: flags.role },
    )) as { token: string };
    printResult(made, flags.json, ({ token }) => token);
  });

  withReach(family.command('list').description('who holds one')).action(async (flags: CommandOptions) => {
    const listed = (await reach(flags, open, { name: noun, acts: false }, {})) as readonly Holder[];
    printResult(listed, flags.json, (holders) => (holders.length === 0 ? nobody : printHolders(holders)));
  });

  withRole(family.command('revoke <name>').description('the token of NAME stops to work at once')).action(
    async (name: string, flags: RoleFlags) => {
      const revoked = await reach(
        flags,
        open,
        { name: `${noun}-revoke`, acts: true },
        { name, role: flags.role },
      );
      printResult(revoked, flags.json, () => `the token of "${name}" no longer works`);
    },
  );
}

function printHolders(holders: readonly Holder[]): string {
  return printTable(
    ['name', 'role', 'since', 'in force'],
    holders.map(({ name, role, addedAt, revokedAt }) => [
      name,
      role,
      new Date(addedAt).toISOString(),
      revokedAt === undefined ? 'yes' : 'no',
    ]),
  );
}
