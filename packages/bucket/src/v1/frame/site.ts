/** Where a frame lies: in the program itself or in a module of it. */
import type { Failure } from '../../failure.ts';
import { stringOf } from '../../total.ts';
import { fileInModule, fileInProgram } from './file-name.ts';
import { moduleInPath } from './module-path.ts';
import { plainPath } from './plain-path.ts';

export interface Site {
  /** Empty for the program itself. */
  readonly module: string;
  readonly version: string;
  /** Normalised file, the same on every machine and in every build of the module. */
  file(): string;
}

const RUNTIME =
  /^(?:$|native$|node:|internal\/|ext:|deno:|bun:|electron\/js2c|resource:|chrome:|wasm:|\[eval\]-wrapper)/;

/** `undefined` for the runtime below. */
export function siteOf(file: string, failure: Failure): Site | undefined {
  if (RUNTIME.test(file)) return undefined;
  const path = plainPath(file);
  const found = moduleInPath(path);
  const { program, modules = {} } = failure;
  // The program may itself be an installed module: a global install, npx, a package manager's store.
  const own = !found || found.name === program;
  const module = own ? '' : found.name;
  const version = found?.version ?? (Object.hasOwn(modules, module) ? stringOf(modules[module]) : '');
  const name = () => (found ? fileInModule(found.path) : fileInProgram(path, failure));
  return { module, version, file: () => name().replaceAll('#', '-') };
}
