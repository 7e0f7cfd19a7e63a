/** Checked-out programs with their dependencies, ready to be built or to be run as they are. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../generate/sandbox.ts';
import { type Release, textOf } from './release.ts';

export type Program = 'shop' | 'service';

export interface Workspace {
  readonly program: string;
  readonly release: Release;
  /** On this machine. */
  readonly folder: string;
  /** Our own files below the folder, as they are after the checkout: `src/cart.ts` → text. */
  readonly files: ReadonlyMap<string, string>;
}

/** What the programs import; of these only parcel-size is ours. */
export const MODULES: Readonly<Record<string, string>> = {
  'big.js': '7.0.1',
  mitt: '3.0.1',
  'parcel-size': '2.3.0',
};
export const OWN_MODULE = 'parcel-size';

const FAULTS = join(import.meta.dirname, '..', '..', '..', 'faults', 'web');
const NAMES: Readonly<Record<Program, string>> = { shop: 'tally-shop', service: 'quote-service' };

export function checkOut(sandbox: Sandbox, program: Program, release: Release): Workspace {
  const folder = sandbox.outside(`/home/ci/${NAMES[program]}-${release}`);
  const files = new Map<string, string>();
  for (const file of ownFiles(program)) {
    const text = textOf(release, readFileSync(join(FAULTS, program, file), 'utf8'));
    const shown = file === 'package.json' ? text.replace('"1.0.0"', `"${release}"`) : text;
    files.set(file, shown);
    write(join(folder, file), shown);
  }
  cpSync(installedModules(), join(folder, 'node_modules'), { recursive: true });
  const own = join(FAULTS, 'packages', OWN_MODULE);
  cpSync(own, join(folder, 'node_modules', OWN_MODULE), { recursive: true });
  for (const file of ['package.json', 'dist/index.js', 'dist/parse.js'])
    files.set(`node_modules/${OWN_MODULE}/${file}`, readFileSync(join(own, file), 'utf8'));
  return { program: NAMES[program], release, folder, files };
}

export function write(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

function ownFiles(program: Program): readonly string[] {
  return readdirSync(join(FAULTS, program), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(FAULTS, program).length + 1))
    .sort();
}

/** Other people's modules, installed by npm once. */
function installedModules(): string {
  const folder = join(tmpdir(), 'fr-corpus-web', 'modules');
  const wanted = Object.entries(MODULES).filter(([name]) => name !== OWN_MODULE);
  if (!existsSync(join(folder, 'node_modules', 'mitt'))) {
    mkdirSync(folder, { recursive: true });
    const specs = wanted.map(([name, version]) => `${name}@${version}`);
    execFileSync('npm', ['install', ...specs, '--prefix', folder, '--no-audit', '--no-fund'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return join(folder, 'node_modules');
}
