import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import manifest from '../../package.json' with { type: 'json' };
import { PARTS } from '../../tsup.config.ts';

/** The package's folder. */
export const PACKAGE: string = fileURLToPath(new URL('../../', import.meta.url));

/** What the package says it needs at run time. */
export const DEPENDENCIES: Readonly<Record<string, string>> = manifest.dependencies;

/**
 * The package as it is shipped, built for the tests: real processes start from it in a fraction of the time that the
 * sources take. Lies inside the package, so that the executable finds its dependencies, and is made anew whenever a
 * source has changed; test files that start at the same time all get the first one made.
 */
export const BUILT: string = await built();

async function built(): Promise<string> {
  const folder = join(PACKAGE, 'node_modules/.cache/built-for-tests');
  const sources = globSync([
    `${PACKAGE}{src/**/*.ts,tsup.config.ts}`,
    `${PACKAGE}../{bucket,scrub,protocol}/src/**/*.ts`,
  ]).sort();
  const hash = createHash('sha256');
  for (const source of sources) hash.update(source).update(readFileSync(source));
  const place = join(folder, hash.digest('hex').slice(0, 16));
  if (existsSync(place)) return place;
  mkdirSync(folder, { recursive: true });
  removeOldBuilds(folder);
  const beside = mkdtempSync(join(folder, 'building-'));
  for (const part of PARTS) {
    const entries = Object.entries(part.entry ?? {}).map(([name, file]) => [name, join(PACKAGE, file)]);
    await build({
      ...part,
      entry: Object.fromEntries(entries),
      external: Object.keys(DEPENDENCIES),
      config: false,
      outDir: beside,
      clean: false,
      dts: false,
      sourcemap: false,
      silent: true,
    });
  }
  try {
    renameSync(beside, place);
  } catch {
    rmSync(beside, { recursive: true, force: true });
  }
  return place;
}

function removeOldBuilds(folder: string): void {
  for (const name of readdirSync(folder)) {
    const old = join(folder, name);
    const age = Date.now() - (statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 60 * 60 * 1000) rmSync(old, { recursive: true, force: true });
  }
}
