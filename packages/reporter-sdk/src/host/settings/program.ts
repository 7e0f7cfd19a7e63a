import { fs, path } from '../../builtin.ts';

/** Name and version of a program. */
export interface Program {
  readonly name: string;
  /** Empty when unknown. */
  readonly version: string;
  /** Folder of the package.json that says so. */
  readonly folder?: string;
}

const MAX_MANIFEST = 1024 * 1024;
const MAX_PARENTS = 32;

/** The program as the nearest package.json of its main script states it; without one, the script's file name. */
export function programOf(mainScript: string | undefined): Program {
  const script = mainScript === undefined ? undefined : realPath(mainScript);
  const start = script === undefined ? process.cwd() : path.dirname(script);
  const fallback = script === undefined ? 'node' : path.basename(script).replace(/\.[cm]?[jt]s$/, '');
  let folder = start;
  for (let parents = 0; parents < MAX_PARENTS; parents++) {
    const manifest = manifestIn(folder);
    if (manifest) return { name: manifest.name || fallback, version: manifest.version, folder };
    const parent = path.dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return { name: fallback, version: '' };
}

/** Name and version in a folder's package.json, or nothing where there is none that can be read. */
export function manifestIn(folder: string): Program | undefined {
  try {
    const file = `${folder}/package.json`;
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || stat.size > MAX_MANIFEST) return undefined;
    const { name, version } = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    return {
      name: typeof name === 'string' ? name : '',
      version: typeof version === 'string' ? version : '',
    };
  } catch {
    return undefined;
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file);
  } catch {
    return path.resolve(file);
  }
}
