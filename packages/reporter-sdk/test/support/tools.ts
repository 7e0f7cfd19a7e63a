import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Leaves a test out, and says why, where this machine has not the tool it works with. */
export function needTool({ skip }: Pick<TestContext, 'skip'>, tool: string): void {
  skip(spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined, `there is no ${tool} here`);
}
