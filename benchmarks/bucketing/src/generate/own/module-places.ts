/**
 * Where a program's modules lie depends on how it got there: `npm install -g` leaves them inside the program, npx
 * beside it, pnpm in a store of their own with a link beside the program.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sandbox } from '../sandbox.ts';

/** Moves a freshly deployed program's modules to where that kind of installation has them. */
export function placeModules(machine: Sandbox, path: string, installPath: string): void {
  const inside = machine.outside(join(installPath, 'node_modules'));
  if (!existsSync(inside) || (path !== 'npx' && path !== 'pnpmGlobal')) return;
  const beside = machine.outside(dirname(installPath));
  for (const name of readdirSync(inside)) {
    if (existsSync(join(beside, name))) continue;
    if (path === 'npx') renameSync(join(inside, name), join(beside, name));
    else {
      const stored = join(beside, '..', '..', `${name}@1.2.0`, 'node_modules');
      mkdirSync(stored, { recursive: true });
      renameSync(join(inside, name), join(stored, name));
      symlinkSync(join(stored, name), join(beside, name));
    }
  }
}

/** Folders of the imitated machine that hold the program's own code and that of its modules. */
export function codeRoots(path: string, installPath: string, modules: readonly string[]): readonly string[] {
  const beside = dirname(installPath);
  if (path === 'npx') return [installPath, ...modules.map((name) => join(beside, name))];
  if (path !== 'pnpmGlobal') return [installPath];
  const store = dirname(dirname(beside));
  return [installPath, ...modules.map((name) => join(store, `${name}@1.2.0`, 'node_modules', name))];
}
