import { addListingCommands, addVerifyCommand, createProgram, type Open } from '@fr/server/command';
import type { Command } from 'commander';
import { addDemandCommands } from './commands/demand-commands.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSiteCommands } from './commands/site-commands.ts';
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
  addSiteCommands(program, openFolder);
  addListingCommands(program, openFolder);
  addDemandCommands(program, openFolder);
  addVerifyCommand(program, openFolder);
  return program;
}

/** A folder without a server on it, opened in the command's own process. */
const openFolder: Open = async (dir, readOnly) => {
  const vendor = await openVendor(dir, { readOnly });
  return { verbs: vendorVerbs(vendor, Date.now), close: () => vendor.close() };
};
