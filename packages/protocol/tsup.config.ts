import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    ids: 'src/ids.ts',
    'wire/index': 'src/wire/index.ts',
    'signature/index': 'src/signature/index.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Built in, so that nobody who installs us gets its optional native part (docs/decisions/0005).
  noExternal: ['msgpackr'],
  onSuccess: () =>
    copyFile(
      new URL('./node_modules/msgpackr/LICENSE', import.meta.url),
      new URL('./dist/msgpackr.LICENSE.txt', import.meta.url),
    ),
  dts: true,
  sourcemap: true,
  clean: true,
  // `node:sqlite` has no name without its prefix.
  removeNodeProtocol: false,
});
