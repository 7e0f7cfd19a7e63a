/** Builds by rolldown. */
import { basename, join } from 'node:path';
import { build } from 'rolldown';
import type { Workspace } from '../workspace.ts';
import type { Build, BuiltFile } from './build.ts';
import { inlineMap, onlyOurs, withTextsOf } from './source-maps.ts';

export interface RolldownWish {
  readonly name: string;
  readonly format: 'esm' | 'cjs' | 'iife';
  readonly platform: 'browser' | 'node';
  readonly minify?: boolean;
  readonly split?: boolean;
  readonly map?: 'inline';
  readonly debugIds?: boolean;
  /** Modules left out of the bundle. */
  readonly external?: readonly string[];
}

export async function rolldownBuild(workspace: Workspace, wish: RolldownWish): Promise<Build> {
  const { output } = await build({
    cwd: workspace.folder,
    input: { main: 'src/main.ts' },
    platform: wish.platform,
    external: [...(wish.external ?? [])],
    write: false,
    logLevel: 'silent',
    output: outputOf(workspace, wish),
  });
  const texts = new Map<string, string>();
  for (const file of output)
    texts.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source));
  const files = new Map<string, BuiltFile>();
  for (const [path, text] of texts) {
    const map = texts.get(`${path}.map`) ?? inlineMap(text);
    if (path.endsWith('.map') || map === undefined) continue;
    files.set(path, { text, map: withTextsOf('us', map), ours: onlyOurs(map) });
  }
  const entry = [...files.keys()].find((path) => basename(path).startsWith('main')) ?? '';
  return { name: wish.name, files, entry, script: scriptOf(wish) };
}

function outputOf(workspace: Workspace, wish: RolldownWish): object {
  const ending = wish.platform === 'node' ? (wish.format === 'cjs' ? 'cjs' : 'mjs') : 'js';
  const hash = wish.split || wish.external !== undefined ? '-[hash]' : '';
  return {
    dir: join(workspace.folder, 'dist', 'assets'),
    format: wish.format,
    minify: wish.minify ?? false,
    sourcemap: wish.map ?? true,
    sourcemapDebugIds: wish.debugIds ?? false,
    codeSplitting: wish.split ?? false,
    entryFileNames: `[name]${hash}.${ending}`,
    chunkFileNames: `chunks/[name]${hash}.${ending}`,
  };
}

function scriptOf(wish: RolldownWish): Build['script'] {
  if (wish.format === 'esm') return 'module';
  return wish.format === 'iife' ? 'classic' : 'commonjs';
}
