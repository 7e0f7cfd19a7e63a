import {
  addBackupCommands,
  addKeyCommands,
  addListingCommands,
  addTokenCommands,
  addVerifyCommand,
  createProgram,
  type Open,
} from '@fr/server/command';
import type { Command } from 'commander';
import { addAnswerCommands } from './commands/answer-commands.ts';
import { addBundleCommands } from './commands/bundle-commands.ts';
import { addDemandCommands } from './commands/demand-commands.ts';
import { addFixCommands } from './commands/fix-commands.ts';
import { addServeCommand } from './commands/serve.ts';
import { openVendor } from './vendor/vendor.ts';
import { vendorVerbs } from './verbs/verbs.ts';
import { VERSION } from './version.ts';

/** `fr-destination`: the vendor's server and everything a vendor can see and do. */
export function destinationProgram(): Command {
  const program = createProgram(
    'fr-destination',
    VERSION,
    "The vendor's destination server and its commands.",
  );
  addServeCommand(program);
  addTokenCommands(program, openFolder, {
    noun: 'sites',
    summary: 'the sites that may offer and hand in',
    roles: ['site'],
    nobody: 'no site is enrolled; `sites add NAME` prints a token for one',
  });
  addKeyCommands(program, openFolder, {
    pinnedBy: 'sites',
    afterLoss: '`sites revoke NAME`, `sites add NAME` and the new token to each site',
  });
  addListingCommands(program, openFolder);
  addDemandCommands(program, openFolder);
  addAnswerCommands(program, openFolder);
  addFixCommands(program, openFolder);
  addBundleCommands(program, openFolder);
  addTokenCommands(program, openFolder, {
    noun: 'keys',
    summary: 'keys for administrators on other machines',
    roles: ['administrator'],
    nobody: 'no key: administration is possible on this machine only',
  });
  addVerifyCommand(program, openFolder);
  addBackupCommands(program, 'destination server');
  return program;
}

/** A folder without a server on it, opened in the command's own process. */
const openFolder: Open = async (dir, readOnly) => {
  const vendor = await openVendor(dir, { readOnly });
  return { verbs: vendorVerbs(vendor, Date.now), close: () => vendor.close() };
};
