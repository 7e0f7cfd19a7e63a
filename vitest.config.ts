import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Every package and app is a vitest project; its tests run against the sources, without a build. */
function project(folder: string) {
  const system = folder === 'apps/systemtest';
  return {
    extends: true as const,
    test: {
      name: folder,
      root: folder,
      include: ['test/**/*.test.ts'],
      setupFiles: [join(import.meta.dirname, 'vitest.setup.ts')],
      testTimeout: system ? 180_000 : 30_000,
      hookTimeout: system ? 180_000 : 30_000,
    },
  };
}

const folders = ['packages', 'apps', 'benchmarks'].flatMap((parent) =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${parent}/${entry.name}/package.json`))
    .map((entry) => `${parent}/${entry.name}`),
);

export default defineConfig({
  ssr: { resolve: { conditions: ['@fr/source'] } },
  // Most tests wait for processes of their own: three at a time also where there are only two processors.
  test: { projects: folders.map(project), maxWorkers: Math.max(3, availableParallelism() - 1) },
});
