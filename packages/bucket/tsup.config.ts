import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', 'source-map': 'src/source-map.ts' },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  // `node:sqlite` has no name without its prefix.
  removeNodeProtocol: false,
});
