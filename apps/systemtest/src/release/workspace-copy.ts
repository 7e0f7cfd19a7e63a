/**
 * What the release workflow does, on a copy: the versions move as the changesets say, then every public package is
 * packed and published by the same tool.
 * @module
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ROOT } from '../harness/paths.ts';
import type { Bench } from './bench.ts';

/** A package in the copy that is not private. */
export interface PublicPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

const CHANGESET = join(ROOT, 'node_modules', '@changesets', 'cli', 'bin.js');
const LEFT_BEHIND: ReadonlySet<string> = new Set(['node_modules', '.turbo', 'coverage', 'src', 'test']);

/** Copies what a release is made of, built as it is now, into a fresh git repository. */
export async function copyWorkspace(bench: Bench): Promise<string> {
  const copy = join(bench.folder, 'workspace');
  await mkdir(copy);
  for (const item of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'LICENSE', '.changeset'])
    await cp(join(ROOT, item), join(copy, item), { recursive: true });
  for (const parent of ['packages', 'apps'])
    await cp(join(ROOT, parent), join(copy, parent), {
      recursive: true,
      filter: (source) => !LEFT_BEHIND.has(basename(source)),
    });
  // The changelog writer is looked up from the copy.
  await mkdir(join(copy, 'node_modules', '@changesets'), { recursive: true });
  const changesets = join('node_modules', '@changesets', 'cli');
  await symlink(join(ROOT, changesets), join(copy, changesets));
  await writeFile(join(copy, '.gitignore'), 'node_modules/\ndist/\n');
  await bench.run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy });
  await bench.run('git', ['add', '--all'], { cwd: copy });
  const author = ['-c', 'user.name=release', '-c', 'user.email=release@invalid'];
  await bench.run('git', [...author, 'commit', '--quiet', '--message=Before the release'], { cwd: copy });
  return copy;
}

/** The packages that a release publishes; throws where one is not built. */
export async function publicPackages(copy: string): Promise<readonly PublicPackage[]> {
  const found: PublicPackage[] = [];
  for (const parent of ['packages', 'apps'])
    for (const entry of await readdir(join(copy, parent))) {
      const folder = join(copy, parent, entry);
      const text = await readFile(join(folder, 'package.json'), 'utf8');
      const manifest = JSON.parse(text) as { name: string; version: string; private?: boolean };
      if (manifest.private === true) continue;
      if (!existsSync(join(folder, 'dist')))
        throw new Error(`${manifest.name} is not built: run the build first`);
      found.push({ name: manifest.name, version: manifest.version, folder });
    }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Moves the versions. A change of its own is added first: right after a release there is none waiting. */
export async function moveVersions(bench: Bench, copy: string): Promise<void> {
  const names = (await publicPackages(copy)).map(({ name }) => `"${name}": patch\n`);
  await writeFile(join(copy, '.changeset', 'rehearsal.md'), `---\n${names.join('')}---\n\nA rehearsal.\n`);
  await bench.run(process.execPath, [CHANGESET, 'version'], { cwd: copy });
}

/** Packs what the registry does not have yet, then publishes from the tarballs alone. */
export async function publishAll(bench: Bench, copy: string): Promise<void> {
  const packed = join(bench.folder, 'packed');
  await bench.run(process.execPath, [CHANGESET, 'pack', '--out-dir', packed], { cwd: copy });
  const words = ['publish', '--no-git-tag', '--from-pack-dir', packed];
  await bench.run(process.execPath, [CHANGESET, ...words], { cwd: copy });
}
