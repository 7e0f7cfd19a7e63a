/** Builds by esbuild. */
import { basename, join, relative } from 'node:path';
import { type BuildOptions, build, transform } from 'esbuild';
import type { Workspace } from '../workspace.ts';
import type { Build, BuiltFile } from './build.ts';
import { concatenated, inlineMap, onlyOurs, withDebugId, withTextsOf } from './source-maps.ts';

export interface EsbuildWish {
  readonly name: string;
  readonly format: 'esm' | 'cjs' | 'iife';
  readonly platform: 'browser' | 'node';
  readonly minify?: boolean | 'names kept';
  readonly split?: boolean;
  readonly map?: 'linked' | 'inline';
  readonly debugIds?: boolean;
  /** Glued behind the page counter, as one script with an index map. */
  readonly glued?: boolean;
  /** Modules left out of the bundle. */
  readonly external?: readonly string[];
  readonly sourceRoot?: string;
}

export async function esbuildBuild(workspace: Workspace, wish: EsbuildWish): Promise<Build> {
  const outputs = await bundled(workspace, wish, 'src/main.ts');
  const files = new Map<string, BuiltFile>();
  for (const [path, text] of outputs) {
    const map = outputs.get(`${path}.map`) ?? inlineMap(text);
    if (path.endsWith('.map') || map === undefined) continue;
    const plain = wish.glued ? concatenated(await counter(workspace, wish), { text, map }) : { text, map };
    const mapped = wish.debugIds ? withDebugId(plain) : plain;
    files.set(path, { text: mapped.text, map: withTextsOf('us', mapped.map), ours: onlyOurs(mapped.map) });
  }
  const entry = [...files.keys()].find((path) => basename(path).startsWith('main')) ?? '';
  return { name: wish.name, files, entry, script: scriptOf(wish) };
}

function scriptOf(wish: EsbuildWish): Build['script'] {
  if (wish.format === 'esm') return 'module';
  return wish.format === 'iife' ? 'classic' : 'commonjs';
}

async function counter(workspace: Workspace, wish: EsbuildWish): Promise<{ text: string; map: string }> {
  const outputs = await bundled(workspace, { ...wish, map: 'linked' }, 'vendor/counter.ts');
  const [path, text] = [...outputs].find(([name]) => name.endsWith('.js')) ?? ['', ''];
  return { text: text.replace(/\/\/# sourceMappingURL.*\s*$/, ''), map: outputs.get(`${path}.map`) ?? '' };
}

async function bundled(workspace: Workspace, wish: EsbuildWish, entry: string): Promise<Map<string, string>> {
  const outdir = join(workspace.folder, 'dist', 'assets');
  const ending = wish.platform === 'node' ? (wish.format === 'cjs' ? '.cjs' : '.mjs') : '.js';
  const hashed = wish.split === true || wish.external !== undefined;
  const { outputFiles = [] } = await build({
    absWorkingDir: workspace.folder,
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir,
    format: wish.format,
    platform: wish.platform,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    splitting: wish.split ?? false,
    sourcemap: wish.map ?? 'linked',
    outExtension: { '.js': ending },
    external: [...(wish.external ?? [])],
    sourceRoot: wish.sourceRoot ?? '',
    entryNames: hashed ? '[name]-[hash]' : '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    ...minification(wish),
  });
  return new Map(outputFiles.map((file) => [relative(outdir, file.path), file.text]));
}

function minification(wish: EsbuildWish): BuildOptions {
  if (wish.minify === 'names kept') return { minify: true, keepNames: true };
  return { minify: wish.minify ?? false };
}

/**
 * Every file compiled by itself, without a bundler: by a compiler into a folder of its own (names end in .js), or
 * on request by a development server (names still end in .ts). A query is added to every import.
 */
export async function compiledFiles(
  workspace: Workspace,
  by: 'compiler' | 'development server',
  query = '',
): Promise<Build> {
  const ending = by === 'compiler' ? '.js' : '.ts';
  const files = new Map<string, BuiltFile>();
  const sources = [...workspace.files].filter(([file]) => /^src\/.*\.ts$/.test(file));
  for (const [file, text] of sources) {
    const path = basename(file).replace('.ts', ending);
    const { code, map } = await transform(text.replaceAll(".ts'", `${ending}${query}'`), {
      loader: 'ts',
      target: 'es2022',
      sourcemap: 'external',
      sourcefile: by === 'compiler' ? `../src/${basename(file)}` : basename(file),
    });
    const content = { ...JSON.parse(map), sourcesContent: [text] };
    files.set(path, {
      text: `${code}//# sourceMappingURL=${path}.map\n`,
      map: JSON.stringify(content),
      ours: true,
    });
  }
  return { name: `file by file by a ${by}`, files, entry: `main${ending}`, script: 'module' };
}
