/** What a build leaves behind, whichever tool made it. */
import { createHash } from 'node:crypto';

export interface BuiltFile {
  readonly text: string;
  /** JSON text of its source map, texts of other people's files already taken out. */
  readonly map?: string;
  /** We wrote all that is in it, so its text may be kept. */
  readonly ours: boolean;
}

export interface Build {
  readonly name: string;
  /** Path below the deployed folder → file. */
  readonly files: ReadonlyMap<string, BuiltFile>;
  readonly entry: string;
  readonly script: 'module' | 'classic' | 'commonjs';
}

/** Tells two builds apart as their users could: by what was delivered. */
export function buildHash(build: Build): string {
  const hash = createHash('sha256');
  for (const [path, file] of [...build.files].sort(([one], [other]) => (one < other ? -1 : 1)))
    hash.update(path).update(file.text);
  return hash.digest('hex').slice(0, 10);
}
