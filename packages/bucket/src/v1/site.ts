/** Where a frame lies: in the program itself, in a module of it, or in the runtime below. */
import type { Failure } from '../failure.ts';
import { fileInModule, fileInProgram, plainPath } from './file-name.ts';
import { moduleInPath } from './module-path.ts';

export interface Site {
  readonly side: 'own' | 'module' | 'runtime';
  readonly module: string;
  readonly moduleVersion: string;
  /** Normalised file, the same on every machine and in every build of the module. */
  readonly file: string;
}

const RUNTIME = /^(?:node:|internal\/|ext:|deno:|bun:|electron\/js2c|resource:|chrome:|wasm:)/;
const RUNTIME_SITE: Site = { side: 'runtime', module: '', moduleVersion: '', file: '' };

export function siteOf(file: string, failure: Failure): Site {
  if (file === '' || file === 'native' || RUNTIME.test(file)) return RUNTIME_SITE;
  const path = plainPath(file);
  const found = moduleInPath(path);
  if (found === undefined || found.name === failure.program) {
    const inside = found === undefined ? fileInProgram(path, failure) : fileInModule(found.path);
    return { side: 'own', module: failure.program, moduleVersion: failure.programVersion, file: inside };
  }
  const moduleVersion = found.version ?? versionKnown(failure, found.name);
  return { side: 'module', module: found.name, moduleVersion, file: fileInModule(found.path) };
}

function versionKnown(failure: Failure, name: string): string {
  const modules = failure.modules;
  const version = modules !== undefined && Object.hasOwn(modules, name) ? modules[name] : '';
  return typeof version === 'string' ? version : '';
}
