import { existsSync } from 'node:fs';
import { StoreError } from '../contract/store-error.ts';

/**
 * A thread's file. In the sources it lies in the folder of what it does; in a build, beside or below whatever file this one
 * was bundled into.
 */
export function threadFile(folder: string, name: string): URL {
  const places = [`./${folder}/${name}.ts`, `./${name}.js`, `./embedded/${name}.js`];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found) return found;
  throw new StoreError(
    'storage-failed',
    `the file of the store's ${name} is missing beside ${import.meta.url}`,
  );
}

/** Node 22 calls its SQLite experimental, once more for each thread. */
export function threadArguments(): readonly string[] {
  return [...process.execArgv, '--disable-warning=ExperimentalWarning'];
}
