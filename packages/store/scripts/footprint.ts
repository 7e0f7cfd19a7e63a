/**
 * `node packages/store/scripts/footprint.ts [HITS BUCKETS]`: what a folder weighs after a million hits in 1,000 buckets
 * whose demands are met, or as many as are named.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../test/footprint/program.ts', import.meta.url));
const { status } = spawnSync(process.execPath, ['-C', '@fr/source', program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
