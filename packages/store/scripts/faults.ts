/**
 * `node packages/store/scripts/faults.ts [--tier ci|long] [--only NAME] [--seed N] [--cycles N] [--minutes N]`: the
 * store's fault tests outside the test runner, for hours if wanted; prints figures. Power cuts need root.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tier = fileURLToPath(new URL('../test/faults/long-tier.ts', import.meta.url));
const { status } = spawnSync(process.execPath, ['-C', '@fr/source', tier, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
