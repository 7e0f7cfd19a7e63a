/** Programs put onto machines: as they are checked out, or built. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Sandbox } from '../../generate/sandbox.ts';
import type { Build } from '../building/build.ts';
import type { Deployed } from '../pages/site.ts';
import { type Workspace, write } from '../workspace.ts';

export interface Installation {
  readonly name: string;
  /** Below the sandbox's folder. */
  readonly entry: string;
  readonly deployed: readonly Deployed[];
  /** The package.json files that the host knows of, by path. */
  readonly manifests: ReadonlyMap<string, string>;
}

export function unbundledInstallation(sandbox: Sandbox, workspace: Workspace, path: string): Installation {
  if (!existsSync(sandbox.outside(path)))
    cpSync(workspace.folder, sandbox.outside(path), { recursive: true });
  return {
    name: 'unbundled',
    entry: sandbox.outside(join(path, 'src', 'main.ts')),
    deployed: ownFiles(workspace, path),
    manifests: manifests(workspace, path),
  };
}

/** Original files are deployed with it, because a runtime that knows maps shows them in its stacks. */
export function bundledInstallation(
  sandbox: Sandbox,
  workspace: Workspace,
  build: Build,
  path: string,
): Installation {
  const deployed: Deployed[] = [...ownFiles(workspace, path)];
  for (const [file, { text, map, ours }] of build.files) {
    const place = join(path, 'dist', 'assets', file);
    write(sandbox.outside(place), text);
    if (map !== undefined) write(sandbox.outside(`${place}.map`), map);
    deployed.push(...shownAs(place, { ...(ours ? { text } : {}), ...(map === undefined ? {} : { map }) }));
  }
  const known = new Map([...manifests(workspace, path)].slice(0, 1));
  for (const [manifest, text] of known) write(sandbox.outside(manifest), text);
  return {
    name: build.name,
    entry: sandbox.outside(join(path, 'dist', 'assets', build.entry)),
    deployed,
    manifests: known,
  };
}

function ownFiles(workspace: Workspace, path: string): readonly Deployed[] {
  return [...workspace.files]
    .filter(([file]) => /\.[jt]s$/.test(file))
    .flatMap(([file, text]) => shownAs(join(path, file), { text }));
}

function manifests(workspace: Workspace, path: string): ReadonlyMap<string, string> {
  const found = [...workspace.files].filter(([file]) => file.endsWith('package.json'));
  return new Map(found.map(([file, text]): [string, string] => [join(path, file), text]).sort(byLength));
}

function byLength([one]: [string, string], [other]: [string, string]): number {
  return one.length - other.length;
}

/** A path is printed by some runtimes and module systems, its URL by the others. */
function shownAs(path: string, file: Omit<Deployed, 'shown'>): readonly Deployed[] {
  return [path, pathToFileURL(path).href].map((shown) => ({ shown, ...file }));
}
