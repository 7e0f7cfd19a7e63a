/** How the shop is built for pages and for processes. */

import type { Workspace } from '../workspace.ts';
import type { Build } from './build.ts';
import { esbuildBuild } from './esbuild-builds.ts';
import { rolldownBuild } from './rolldown-builds.ts';

const FOREIGN = ['big.js', 'mitt'];

/** For pages; all with maps. */
export async function pageBuilds(workspace: Workspace): Promise<Readonly<Record<string, Build>>> {
  const platform = 'browser';
  return {
    esbuild: await esbuildBuild(workspace, { name: 'esbuild, ESM', platform, format: 'esm' }),
    esbuildSplit: await splitBuild(workspace),
    esbuildGlued: await esbuildBuild(workspace, {
      ...{ name: 'esbuild, IIFE, minified, glued to another script', platform, format: 'iife' },
      ...{ minify: true, glued: true },
    }),
    esbuildNames: await esbuildBuild(workspace, {
      ...{ name: 'esbuild, ESM, minified, names kept, debug id', platform, format: 'esm' },
      ...{ minify: 'names kept', debugIds: true, sourceRoot: 'file:///builds/tally/shop-8841/dist/assets/' },
    }),
    rolldown: await rolldownBuild(workspace, {
      ...{ name: 'rolldown, ESM, split', platform, format: 'esm', split: true },
    }),
    rolldownSplit: await rolldownBuild(workspace, {
      ...{ name: 'rolldown, ESM, minified, split, debug id', platform, format: 'esm' },
      ...{ minify: true, split: true, debugIds: true },
    }),
    rolldownOne: await rolldownBuild(workspace, {
      ...{ name: 'rolldown, IIFE, minified', platform, format: 'iife', minify: true },
    }),
  };
}

/** What most sites deliver today. */
export function splitBuild(workspace: Workspace): Promise<Build> {
  return esbuildBuild(workspace, {
    ...{ name: 'esbuild, ESM, minified, split', platform: 'browser', format: 'esm' },
    ...{ minify: true, split: true },
  });
}

/** For processes; all with maps. */
export async function processBuilds(workspace: Workspace): Promise<Readonly<Record<string, Build>>> {
  const platform = 'node';
  return {
    esbuildCjs: await esbuildBuild(workspace, { name: 'esbuild, CommonJS', platform, format: 'cjs' }),
    esbuildCjsInline: await esbuildBuild(workspace, {
      ...{ name: 'esbuild, CommonJS, minified, map inline', platform, format: 'cjs' },
      ...{ minify: true, map: 'inline' },
    }),
    esbuildSplit: await esbuildBuild(workspace, {
      ...{ name: 'esbuild, ESM, minified, split', platform, format: 'esm', minify: true, split: true },
    }),
    rolldownCjs: await rolldownBuild(workspace, {
      ...{ name: 'rolldown, CommonJS, minified, debug id', platform, format: 'cjs' },
      ...{ minify: true, debugIds: true },
    }),
    rolldownSplit: await rolldownBuild(workspace, {
      ...{ name: 'rolldown, ESM, split', platform, format: 'esm', split: true },
    }),
  };
}

/** For cases without a map: only our code inside, hashes in all names. */
export async function plainBuilds(workspace: Workspace): Promise<readonly Build[]> {
  const platform = 'browser';
  return [
    await esbuildBuild(workspace, {
      ...{ name: 'esbuild, ESM, minified, split', platform, format: 'esm' },
      ...{ minify: true, split: true, external: FOREIGN },
    }),
    await rolldownBuild(workspace, {
      ...{ name: 'rolldown, ESM, minified, debug id', platform, format: 'esm' },
      ...{ minify: true, split: true, debugIds: true, external: FOREIGN },
    }),
  ];
}
