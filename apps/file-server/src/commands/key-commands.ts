import {
  type CommandOptions,
  type Open,
  printResult,
  printTable,
  reach,
  withReach,
} from '@fr/server/command';
import type { Command } from 'commander';

interface ListedKey {
  readonly name: string;
  readonly role: string;
  readonly addedAt: number;
  readonly revokedAt?: number;
}

/** Adds `keys add | list | revoke`: reporters and administrators on other machines. */
export function addKeyCommands(program: Command, open: Open): void {
  const keys = program.command('keys').description('keys for reporters and administrators on other machines');
  const role = (command: Command): Command =>
    command.option('--role <role>', 'reporter or administrator', 'reporter');

  const add = role(
    withReach(keys.command('add <name>').description('make a key; it is printed once, alone on stdout')),
  );
  add.action(async (name: string, flags: CommandOptions & { role: string }) => {
    const made = (await reach(flags, open, { name: 'keys-add', acts: true }, { name, role: flags.role })) as {
      token: string;
    };
    printResult(made, flags.json, ({ token }) => token);
  });

  const list = withReach(keys.command('list').description('who holds a key'));
  list.action(async (flags: CommandOptions) => {
    const listed = (await reach(flags, open, { name: 'keys', acts: false }, {})) as readonly ListedKey[];
    printResult(listed, flags.json, printKeys);
  });

  const revoke = role(withReach(keys.command('revoke <name>').description('a key stops to work at once')));
  revoke.action(async (name: string, flags: CommandOptions & { role: string }) => {
    const revoked = await reach(flags, open, { name: 'keys-revoke', acts: true }, { name, role: flags.role });
    printResult(revoked, flags.json, () => `the ${flags.role} key "${name}" no longer works`);
  });
}

function printKeys(keys: readonly ListedKey[]): string {
  if (keys.length === 0) return 'no key: only reporters on this machine are heard';
  return printTable(
    ['name', 'role', 'since', 'in force'],
    keys.map(({ name, role, addedAt, revokedAt }) => [
      name,
      role,
      new Date(addedAt).toISOString(),
      revokedAt === undefined ? 'yes' : 'no',
    ]),
  );
}
