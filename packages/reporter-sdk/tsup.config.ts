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
  esbuildOptions(options, { format }) {
    options.conditions = ['@fr/source'];
    if (format === 'cjs')
      options.define = {
        ...options.define,
        'import.meta.filename': '__filename',
        'import.meta.dirname': '__dirname',
      };
  },
};

/**
 * What a host runs at its start: as little as can be, and small, since V8 looks at every byte of it. For `require` in a
 * form of its own: loading a module from CommonJS takes Node 2 ms longer.
 */
const AT_START: Options = {
  ...COMMON,
  entry: { index: 'src/index.ts', register: 'src/register.ts' },
  format: ['esm', 'cjs'],
  outExtension: ({ format }) => (format === 'cjs' ? { js: '.cjs' } : { js: '.js' }),
  dts: { entry: { index: 'src/index.ts', register: 'src/register.ts' } },
  minify: true,
  sourcemap: true,
};

const HANG_WATCHER: Options = {
  ...COMMON,
  entry: { 'hang-watcher': 'src/hang/watcher.ts' },
  format: 'esm',
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

/** The parts of what is shipped; they share no file. */
export const PARTS: readonly Options[] = [AT_START, HANG_WATCHER, AT_FAILURE, IN_REPORTER];

export default defineConfig(async () => {
  const dist = new URL('./dist/', import.meta.url);
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  // Built into fr-reporter with @fr/protocol.
  const licence = new URL('../protocol/node_modules/msgpackr/LICENSE', import.meta.url);
  await copyFile(licence, new URL('msgpackr.LICENSE.txt', dist));
  return [...PARTS];
});
