import type { Command } from 'commander';
import { printable } from './printable.ts';
import { printResult } from './program.ts';
import { type Open, reach } from './reach/reach.ts';
import { type CommandOptions, withReach } from './reach/reach-options.ts';

/** Commands for the verbs of a server's own key. */
export interface KeyCommandsOptions {
  /** Who has pinned it: `sites`, `reporters`. */
  readonly pinnedBy: string;
  /** What has to be done for each of them when the key was lost. */
  readonly afterLoss: string;
}

interface ShownKey {
  readonly keyId: string;
  readonly since?: number;
  readonly before: readonly { readonly keyId: string; readonly until: number }[];
  readonly vendor?: { readonly pinned: string; readonly inForce: string };
}

type Rotated = ShownKey & { readonly replaced: string; readonly lost: boolean };

/** Adds `key show` and `key rotate`. */
export function addKeyCommands(
  program: Command,
  open: Open,
  { pinnedBy, afterLoss }: KeyCommandsOptions,
): void {
  const family = program
    .command('key')
    .description(`the key this server signs with, which ${pinnedBy} have pinned`);
  withReach(family.command('show').description('its fingerprint, and those it took the place of')).action(
    async (flags: CommandOptions) => {
      const key = (await reach(flags, open, { name: 'key', acts: false }, {})) as ShownKey;
      printResult(key, flags.json, printKey);
    },
  );
  withReach(
    family
      .command('rotate')
      .description(`make another key; ${pinnedBy} follow by themselves, demands and tokens go on`)
      .option(
        '--lost',
        `somebody else may have the key: nobody follows, and ${pinnedBy} have to be enrolled anew by hand`,
      ),
  ).action(async (flags: CommandOptions & { readonly lost?: boolean }) => {
    const verb = { name: 'key-rotate', acts: true };
    const rotated = (await reach(flags, open, verb, { lost: flags.lost === true })) as Rotated;
    printResult(rotated, flags.json, ({ replaced, lost }) => {
      const next = lost
        ? `nobody follows: ${afterLoss}`
        : `${pinnedBy} follow when they next hear from here; make a backup now, for one from before has a key they will refuse`;
      return `${printKey(rotated)}\n${printable(replaced)} signs nothing any more; ${next}`;
    });
  });
}

function printKey({ keyId, since, before, vendor }: ShownKey): string {
  const own = `${printable(keyId)}${since === undefined ? '' : `, since ${new Date(since).toISOString()}`}`;
  const earlier = before.map(
    (one) => `before: ${printable(one.keyId)}, until ${new Date(one.until).toISOString()}`,
  );
  if (!vendor) return [own, ...earlier].join('\n');
  const { pinned, inForce } = vendor;
  const moved = pinned === inForce ? '' : `, which took the place of ${printable(pinned)} in the token`;
  return [own, ...earlier, `the vendor's: ${printable(inForce)}${moved}`].join('\n');
}
