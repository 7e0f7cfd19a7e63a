import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path for a store that is gone after the test. */
export function temporaryFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'fr-store-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'store');
}

/** Paths of all entry files, relative to the store. */
export function entryFiles(dir: string): readonly string[] {
  return readdirSync(join(dir, 'entries'), { recursive: true })
    .map(String)
    .filter((name) => name.includes('/') && !name.endsWith('.json'))
    .map((name) => join('entries', name))
    .sort();
}
