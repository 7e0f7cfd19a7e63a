import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FailureFacts } from '../../spool/failure-facts.ts';
import type { Collected } from './collected.ts';

const MAX_PACKAGES = 500;
const MAX_PARENTS = 16;
const NAME = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i;

/** Names and installed versions of what the program says it depends on; nothing about what is inside them. */
export function collectPackages({ process: facts }: FailureFacts): Collected | undefined {
  const root = facts?.root;
  const manifest = root === undefined ? undefined : readManifest(root);
  if (root === undefined || manifest === undefined) return undefined;
  const { dependencies, optionalDependencies } = manifest;
  const names = Object.keys({ ...asRecord(optionalDependencies), ...asRecord(dependencies) });
  const known = names.filter((name) => NAME.test(name)).slice(0, MAX_PACKAGES);
  const tree = Object.fromEntries(known.sort().map((name) => [name, installedVersion(root, name) ?? null]));
  return { contentType: 'application/json', tree };
}

/** As Node finds it: in the nearest node_modules on the way up. */
function installedVersion(root: string, name: string): string | undefined {
  let folder = root;
  for (let parents = 0; parents < MAX_PARENTS; parents++) {
    const version = readManifest(join(folder, 'node_modules', name))?.['version'];
    if (typeof version === 'string') return version;
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return undefined;
}

function readManifest(folder: string): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
