/** Measures what lies in the checkout, not what was last built. */
import { spawnSync } from 'node:child_process';

/** Does the work if packages resolve to their sources; else starts this program again such that they do. */
export async function onSources(work: () => Promise<void>): Promise<void> {
  if (import.meta.resolve('@fr/bucket').endsWith('.ts')) return work();
  const { execPath, execArgv, argv } = process;
  const again = spawnSync(execPath, [...execArgv, '-C', '@fr/source', ...argv.slice(1)], {
    stdio: 'inherit',
  });
  process.exitCode = again.status ?? 1;
}
