import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'embedded/index': 'src/embedded/index.ts',
    'embedded/writer-thread': 'src/embedded/writer/writer-thread.ts',
    'embedded/database-thread': 'src/embedded/verify/database-thread.ts',
    'memory/index': 'src/memory/index.ts',
    'conformance/index': 'src/conformance/index.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // node:sqlite has no name without the prefix.
  removeNodeProtocol: false,
  dts: true,
  sourcemap: true,
  clean: true,
});
