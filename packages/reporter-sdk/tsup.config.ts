import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', register: 'src/register.ts', 'fr-reporter': 'src/fr-reporter.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // A host must not have to load anything beside one file: our own packages are built in, from their sources and only
  // as far as they are used, and nothing is shared with the executable, which uses more of them.
  noExternal: [/^@fr\//],
  onSuccess: () =>
    copyFile(
      new URL('../protocol/node_modules/msgpackr/LICENSE', import.meta.url),
      new URL('./dist/msgpackr.LICENSE.txt', import.meta.url),
    ),
  splitting: false,
  removeNodeProtocol: false,
  esbuildOptions(options) {
    options.conditions = ['@fr/source'];
  },
  dts: { entry: { index: 'src/index.ts', register: 'src/register.ts' } },
  sourcemap: true,
  clean: true,
});
