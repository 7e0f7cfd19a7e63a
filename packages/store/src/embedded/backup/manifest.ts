/**
 * `backup.json`: what a backup holds. Written last, so that a backup that was broken off has none and is none.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Origin } from '@fr/protocol';
import { StoreError } from '../../contract/store-error.ts';
import { LAYOUT_VERSION, MANIFEST } from '../folder/layout.ts';
import type { CopiedFile } from './copy-file.ts';

/** A backup's own description. */
export interface Manifest {
  readonly format: 'fr-backup';
  /** Layout of the folder it was made from. */
  readonly layout: number;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Under which the store counted then. */
  readonly origin: Origin;
  readonly entries: number;
  /** The database, and what others keep in the folder; entries carry their hashes in themselves. */
  readonly files: readonly CopiedFile[];
}

/** Throws `foreign` where there is no whole backup, `newer` where a later version made it. */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(join(dir, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new StoreError(
      'foreign',
      `${dir} holds no backup, or one that was broken off (${MANIFEST} is missing)`,
      {
        cause,
      },
    );
  });
  const manifest = parse(text);
  if (!manifest) throw new StoreError('foreign', `${join(dir, MANIFEST)} is not that of a backup of ours`);
  if (manifest.layout > LAYOUT_VERSION)
    throw new StoreError(
      'newer',
      `the backup in ${dir} has layout ${manifest.layout}, this program knows ${LAYOUT_VERSION}; use the version that made it or a later one`,
    );
  return manifest;
}

function parse(text: string): Manifest | undefined {
  try {
    const value: Partial<Manifest> | null = JSON.parse(text);
    const isOurs =
      value?.format === 'fr-backup' && Number.isSafeInteger(value.layout) && Array.isArray(value.files);
    return isOurs ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
