import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All files below a folder, as paths relative to it. */
export async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}

/** The text of every file below a folder, by relative path. */
export async function textsBelow(dir: string): Promise<ReadonlyMap<string, string>> {
  const names = await filesBelow(dir);
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(join(dir, name), 'latin1')]),
    ),
  );
}
