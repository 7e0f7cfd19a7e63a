import type { Command } from 'commander';
import { printJson } from './printable.ts';
import { printResult } from './program.ts';
import { type Open, reach } from './reach/reach.ts';
import { type CommandOptions, withReach } from './reach/reach-options.ts';

/** Adds `verify [--repair]`: the verbs `verify` and `repair`, whose reports say `ok`. Exits 1 where something is wrong. */
export function addVerifyCommand(program: Command, open: Open): void {
  const command = withReach(
    program.command('verify').description('check every entry and the index against each other'),
  );
  command.option('--repair', 'rebuild what can be derived, set aside what is damaged');
  command.action(async (flags: CommandOptions & { repair?: boolean }) => {
    const verb = flags.repair === true ? { name: 'repair', acts: true } : { name: 'verify', acts: false };
    const report = (await reach(flags, open, verb, {})) as { readonly ok: boolean };
    printResult(report, flags.json, (value) => printJson(value));
    if (!report.ok) process.exitCode = 1;
  });
}
