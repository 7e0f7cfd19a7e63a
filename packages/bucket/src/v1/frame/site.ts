/** Where a frame lies: in the program itself, in a module of it, or in the runtime below. */
import type { Failure } from '../../failure.ts';
import { fileInModule, fileInProgram, plainPath } from './file-name.ts';
import type { ModulePath } from './module-path.ts';
import { moduleInPath } from './module-path.ts';

export interface Site {
  readonly side: 'own' | 'module' | 'runtime';
  readonly module: string;
  readonly moduleVersion: string;
  /** In forward slashes; inside the module where the path shows one, else as the machine has it. */
  readonly path: string;
  /** Whether `path` still begins with the folders of one machine. */
  readonly rooted: boolean;
}

const RUNTIME =
  /^(?:node:|internal\/|ext:|deno:|bun:|electron\/js2c|resource:|chrome:|wasm:|\[eval\]-wrapper)/;
const RUNTIME_SITE: Site = { side: 'runtime', module: '', moduleVersion: '', path: '', rooted: false };

export function siteOf(file: string, failure: Failure): Site {
  if (file === '' || file === 'native' || RUNTIME.test(file)) return RUNTIME_SITE;
  const path = plainPath(file);
  const found = moduleInPath(path);
  const { program, programVersion } = failure;
  // The program may itself be an installed module: a global install, npx, a package manager's store.
  if (found !== undefined && found.name !== program) return moduleSite(found, failure);
  const inside = found?.path ?? path;
  return { side: 'own', module: program, moduleVersion: programVersion, path: inside, rooted: !found };
}

/** Normalised file of a site, the same on every machine and in every build of the module. */
export function fileOf(site: Site, failure: Failure): string {
  const file = site.rooted ? fileInProgram(site.path, failure) : fileInModule(site.path);
  return file.replaceAll('#', '-');
}

function moduleSite({ name, version, path }: ModulePath, { modules }: Failure): Site {
  const installed = modules !== undefined && Object.hasOwn(modules, name) ? modules[name] : '';
  const moduleVersion = version ?? (typeof installed === 'string' ? installed : '');
  return { side: 'module', module: name, moduleVersion, path, rooted: false };
}
