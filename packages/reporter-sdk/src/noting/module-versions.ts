import { manifestIn } from '../host/settings/program.ts';
import { localPath } from '../source-text.ts';

const MAX_MODULES = 8;
const MAX_LINE = 1_000;
const FOLDER = /((?:file:\/\/|\/|[A-Za-z]:[\\/]).*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/;

/** Versions of the installed modules a stack passes through, by name: the paths in it do not tell them. */
export function moduleVersions(stack: string | undefined): Readonly<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const line of stack?.split('\n') ?? []) {
    const [, folder, name] = FOLDER.exec(line.slice(0, MAX_LINE)) ?? [];
    if (folder === undefined || name === undefined) continue;
    const module = name.replace('\\', '/');
    if (Object.hasOwn(versions, module)) continue;
    const local = localPath(folder);
    const version = local === undefined ? undefined : manifestIn(local)?.version;
    if (version) versions[module] = version;
    if (Object.keys(versions).length >= MAX_MODULES) break;
  }
  return versions;
}
