/**
 * Programs and their packages on the imitated machine. Packages are copied (by hard links where the file system can)
 * into the sandbox once per installation and then only moved: to a program while its runs last, and back. So at any
 * time at most one setup of an installation exists; whoever uses two at once would lose both.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTALL_PATHS } from '../generate/layout.ts';
import type { Sandbox } from '../generate/sandbox.ts';
import { installed, PARTS } from './installs.ts';
import { type OwnFiles, ownFiles } from './own-files.ts';
import type { Setup } from './plan.ts';
import type { Program } from './programs.ts';

export interface Deployment {
  /** Where the program lies; absolute, on the imitated machine, as is `modules`. */
  readonly folder: string;
  readonly modules: string;
  readonly own: OwnFiles;
  /** For Node, before the entry. */
  readonly flags: readonly string[];
}

/** Puts a program and its packages into their place while something is done with them. */
export async function whileDeployed<T>(
  sandbox: Sandbox,
  program: Program,
  setup: Setup,
  act: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  const folder = folderOf(program, setup);
  const target = setup.path === 'npx' ? dirname(dirname(folder)) : folder;
  const parts = copiedParts(sandbox, program, setup);
  mkdirSync(sandbox.outside(target), { recursive: true });
  for (const part of PARTS[setup.layout]) renameSync(join(parts, part), sandbox.outside(join(target, part)));
  try {
    const own = ownFiles(program, setup);
    writeFiles(sandbox, folder, own);
    return await act({
      folder,
      modules: join(target, 'node_modules'),
      own,
      flags: flagsFor(sandbox, setup, folder),
    });
  } finally {
    if (target !== folder) rmSync(sandbox.outside(folder), { recursive: true });
    for (const part of PARTS[setup.layout])
      renameSync(sandbox.outside(join(target, part)), join(parts, part));
    rmSync(sandbox.outside(target), { recursive: true });
  }
}

function folderOf(program: Program, setup: Setup): string {
  const place = INSTALL_PATHS[setup.path];
  if (place === undefined) throw new Error(`no install path ${setup.path}`);
  return place(program.name);
}

function copiedParts(sandbox: Sandbox, program: Program, setup: Setup): string {
  const copy = sandbox.outside(join('.parts', `${program.name}-${setup.set}-${setup.layout}`));
  if (existsSync(copy)) return copy;
  const from = installed(program, setup.set, setup.layout);
  mkdirSync(copy, { recursive: true });
  for (const part of PARTS[setup.layout]) copied(join(from, part), join(copy, part));
  return copy;
}

function copied(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

function writeFiles(sandbox: Sandbox, folder: string, own: OwnFiles): void {
  for (const [path, text] of [...own.files, ...own.feed]) {
    const file = sandbox.outside(join(folder, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function flagsFor(sandbox: Sandbox, setup: Setup, folder: string): readonly string[] {
  if (setup.layout !== 'yarn-pnp') return [];
  const loader = pathToFileURL(sandbox.outside(join(folder, '.pnp.loader.mjs'))).href;
  return ['--require', sandbox.outside(join(folder, '.pnp.cjs')), '--no-warnings', '--loader', loader];
}
