import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', 'command/index': 'src/command/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  dts: true,
  sourcemap: true,
  clean: true,
  // `node:sqlite` has no name without its prefix.
  removeNodeProtocol: false,
});
