import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own. */
export interface TestFolder {
  readonly path: string;
  /** Takes it away with all that is in it. */
  remove(): Promise<void>;
}

/** Makes an empty folder. */
export async function newFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'fr-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
