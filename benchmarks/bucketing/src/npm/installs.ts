/**
 * Packages as four package managers lay them out. Installed once per program, set and layout into a cache folder
 * (FR_CORPUS_CACHE, else `fr-corpus-npm` in the user's cache folder), never into the repository; a folder without its
 * mark was interrupted and is made anew.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dependenciesOf, type PackageSet, type Program } from './programs.ts';

export type Layout = 'npm' | 'npm-nested' | 'pnpm' | 'yarn-pnp';

const TOOLS: Readonly<Record<'pnpm' | 'yarn-pnp', readonly [spec: string, file: string]>> = {
  pnpm: ['pnpm@10.18.0', 'pnpm/bin/pnpm.cjs'],
  'yarn-pnp': ['@yarnpkg/cli-dist@4.10.3', '@yarnpkg/cli-dist/bin/yarn.js'],
};
const YARN_SETTINGS = `enableGlobalCache: false
enableScripts: false
enableTelemetry: false
nodeLinker: pnp
pnpEnableEsmLoader: true
checksumBehavior: update
`;
const MARK = '.complete';

/** What an installation consists of, to be moved beside a program. */
export const PARTS: Readonly<Record<Layout, readonly string[]>> = {
  npm: ['node_modules'],
  'npm-nested': ['node_modules'],
  pnpm: ['node_modules'],
  'yarn-pnp': ['.yarn', '.pnp.cjs', '.pnp.loader.mjs'],
};

/** Folder with the installed parts; a minute when it has to be filled. */
export function installed(program: Program, set: PackageSet, layout: Layout): string {
  const folder = join(cacheFolder(), `${program.name}-${set}-${layout}`);
  const wanted = JSON.stringify({
    name: program.name,
    version: '1.0.0',
    dependencies: dependenciesOf(program, set),
  });
  const mark = join(folder, MARK);
  if (existsSync(mark)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), wanted);
  install(folder, layout);
  writeFileSync(mark, '');
  return folder;
}

function install(folder: string, layout: Layout): void {
  if (layout === 'npm' || layout === 'npm-nested') {
    const strategy = layout === 'npm' ? 'hoisted' : 'nested';
    run(folder, 'npm', [
      'install',
      `--install-strategy=${strategy}`,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ]);
    return;
  }
  const tool = installedTool(layout);
  if (layout === 'pnpm') {
    run(folder, process.execPath, [tool, 'install', '--ignore-workspace', '--ignore-scripts']);
    return;
  }
  writeFileSync(join(folder, '.yarnrc.yml'), YARN_SETTINGS);
  writeFileSync(join(folder, 'yarn.lock'), '');
  run(folder, process.execPath, [tool, 'install', '--no-immutable']);
}

function installedTool(layout: 'pnpm' | 'yarn-pnp'): string {
  const [spec, file] = TOOLS[layout];
  const prefix = join(cacheFolder(), 'tools', layout);
  const tool = join(prefix, 'node_modules', file);
  if (!existsSync(tool)) {
    mkdirSync(prefix, { recursive: true });
    run(prefix, 'npm', ['install', spec, '--prefix', prefix, '--no-audit', '--no-fund']);
  }
  return tool;
}

function run(cwd: string, command: string, args: readonly string[]): void {
  const env = { ...process.env, CI: '1', NODE_OPTIONS: '' };
  execFileSync(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function cacheFolder(): string {
  const userCache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return process.env['FR_CORPUS_CACHE'] ?? join(userCache, 'fr-corpus-npm');
}
