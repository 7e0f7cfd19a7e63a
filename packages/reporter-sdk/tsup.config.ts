import { copyFile, mkdir, rm } from 'node:fs/promises';
import { defineConfig, type Options } from 'tsup';

const COMMON: Options = {
  platform: 'node',
  target: 'node22',
  // A host must not have to load anything beside our files: our own packages are built in, from their sources and only
  // as far as they are used.
  noExternal: [/^@fr\//],
  splitting: false,
  removeNodeProtocol: false,
  esbuildOptions(options) {
    options.conditions = ['@fr/source'];
  },
};

/** What a host runs at its start: as little as can be. */
const AT_START: Options = {
  ...COMMON,
  entry: { index: 'src/index.ts', register: 'src/register.ts', 'hang-watcher': 'src/hang/watcher.ts' },
  format: 'esm',
  dts: { entry: { index: 'src/index.ts', register: 'src/register.ts' } },
  sourcemap: true,
};

/** What a host keeps as text and compiles when it fails: texts without imports, as small as can be. */
const AT_FAILURE: Options = {
  ...COMMON,
  entry: { 'at-failure': 'src/noting/at-failure.ts', bucketing: 'src/noting/bucketing.ts' },
  format: 'cjs',
  outExtension: () => ({ js: '.cjs' }),
  minify: true,
};

const IN_REPORTER: Options = {
  ...COMMON,
  entry: { 'fr-reporter': 'src/fr-reporter.ts' },
  format: 'esm',
  sourcemap: true,
};

/** The three parts of what is shipped; they share no file. */
export const PARTS: readonly Options[] = [AT_START, AT_FAILURE, IN_REPORTER];

export default defineConfig(async () => {
  const dist = new URL('./dist/', import.meta.url);
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  // Built into fr-reporter with @fr/protocol.
  const licence = new URL('../protocol/node_modules/msgpackr/LICENSE', import.meta.url);
  await copyFile(licence, new URL('msgpackr.LICENSE.txt', dist));
  return [...PARTS];
});
