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
import { addDoctorCommand } from './commands/doctor.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addLedgerCommand } from './commands/ledger-commands.ts';
import { addPolicyCommands } from './commands/policy-commands.ts';
import { addReviewCommands } from './commands/review-commands.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSyncCommands } from './commands/sync-commands.ts';
import { openSite } from './site/site.ts';
import { createUpward } from './site/upward.ts';
import { siteVerbs } from './verbs/verbs.ts';
import { VERSION } from './version.ts';

/** `fr-admin`: the site's server and everything its administrator can see and do. */
export function fileServerProgram(): Command {
  const program = createProgram('fr-admin', VERSION, "The site's file server and its administration.");
  addServeCommand(program);
  addListingCommands(program, openFolder);
  addExplainCommand(program);
  addDemandCommands(program, openFolder);
  addAnswerCommands(program, openFolder);
  addPolicyCommands(program, openFolder);
  addReviewCommands(program, openFolder);
  addSyncCommands(program, openFolder);
  addBundleCommands(program, openFolder);
  addLedgerCommand(program, openFolder);
  addTokenCommands(program, openFolder, {
    noun: 'keys',
    summary: 'keys for reporters and administrators on other machines',
    roles: ['reporter', 'administrator'],
    nobody: 'no key: only reporters on this machine are heard',
  });
  addKeyCommands(program, openFolder, {
    pinnedBy: 'reporters',
    afterLoss: '`keys revoke NAME`, `keys add NAME` and the new key to each reporter',
  });
  addVerifyCommand(program, openFolder);
  addBackupCommands(program, 'file server');
  addDoctorCommand(program);
  return program;
}

/** A folder without a server on it, opened in the command's own process. */
const openFolder: Open = async (dir, readOnly) => {
  const site = await openSite(dir, { readOnly });
  const upward = createUpward(site, Date.now);
  return {
    verbs: siteVerbs(site, upward, Date.now),
    async close() {
      await upward.stop();
      await site.close();
    },
  };
};
