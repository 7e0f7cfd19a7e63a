/** Where programs lie on the machines of the people who run them. */
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

/** Folder a program is installed in; absolute, on the imitated machine, no slash at the end. */
export type InstallPath = (program: string) => string;

/** By what is unusual about them. */
export const INSTALL_PATHS: Readonly<Record<string, InstallPath>> = {
  plain: (program) => `/srv/${program}`,
  container: () => '/usr/src/app',
  home: (program) => `/home/jan.de-vries/projects/${program}`,
  blanks: (program) => `/opt/Meine Programme/${program} 2 (Kopie)`,
  parentheses: (program) => `/mnt/data (1)/(live)/${program}`,
  at: (program) => `/var/www/shop@example.com/${program}@current`,
  umlauts: (program) => `/home/jürgen/Größe & Maß/Straße/${program}`,
  deep: (program) => `/var/lib/jenkins/workspace/a/b/c/d/e/f/g/h/i/j/k/${program}/releases/20260811T101500Z`,
  plus: (program) => `/data/c++/100%/[prod]/#1/${program}`,
  colon: (program) => `/mnt/backup-10:15:00/${program}`,
  buildWords: (program) => `/home/build/src/lib/${program}/dist/out`,
  global: (program) => `/usr/local/lib/node_modules/${program}`,
  nvm: (program) => `/home/ada/.nvm/versions/node/v24.21.0/lib/node_modules/${program}`,
  npx: (program) => `/home/ada/.npm/_npx/4f1c2a9be07d33aa/node_modules/${program}`,
  pnpmGlobal: (program) => `/root/.local/share/pnpm/global/5/.pnpm/${program}@1.0.0/node_modules/${program}`,
};

/** Copies a built program (and what lies in its node_modules) to an install path, once. */
export function deploy(sandbox: Sandbox, from: string, installPath: string): void {
  const to = sandbox.outside(installPath);
  if (existsSync(to)) return;
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
}

/** Files below a folder of the imitated machine, sorted, as paths of that machine. */
export function filesBelow(sandbox: Sandbox, folder: string): readonly string[] {
  return readdirSync(sandbox.outside(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(sandbox.folder.length))
    .sort();
}
