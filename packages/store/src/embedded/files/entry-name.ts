/**
 * Names of entry files. The name is the state:
 *
 *     <id>.<n>.tmp ──rename──▶ <id>.pending ──rename──▶ <id>.uploaded
 *                                   └────────┬────────────────┘
 *                                            ▼ rename
 *                              <id>.<reason>.dropped ──▶ gone
 *
 * Start-up removes tmp files, finishes drops, and looks into every file whose state or size is not what the index says.
 * @module
 */
import { join } from 'node:path';
import { isBucketId } from '@fr/bucket';
import { normaliseId } from '@fr/protocol/ids';
import type { EntryState } from '../../contract/entries.ts';
import { StoreError } from '../../contract/store-error.ts';

export type EntryName =
  | { readonly is: 'tmp' }
  | { readonly is: EntryState; readonly entryId: string }
  | { readonly is: 'dropped'; readonly entryId: string; readonly reason: string };

/** What a file name in a bucket's folder says, or nothing when it is not one of ours. */
export function parseEntryName(name: string): EntryName | undefined {
  if (name.endsWith('.tmp')) return { is: 'tmp' };
  const [id = '', middle, last] = name.split('.');
  if (normaliseId(id) !== id) return undefined;
  if (last === 'dropped' && middle !== undefined) return { is: 'dropped', entryId: id, reason: middle };
  if (last !== undefined || (middle !== 'pending' && middle !== 'uploaded')) return undefined;
  return { is: middle, entryId: id };
}

/** A bucket's folder; throws for anything but a bucket id, whoever gave it. */
export function bucketFolder(entriesDir: string, bucketId: string): string {
  if (!isBucketId(bucketId)) throw new StoreError('not-found', 'this is not a bucket id');
  return join(entriesDir, bucketId);
}

/** An entry's file; throws for anything but a printed id. */
export function entryPath(folder: string, entryId: string, state: EntryState): string {
  return join(folder, `${checked(entryId)}.${state}`);
}

/** A new name for a frame on its way in; `attempt` keeps two arrivals of one entry apart. */
export function arrivingPath(folder: string, entryId: string, attempt: number): string {
  return join(folder, `${checked(entryId)}.${attempt}.tmp`);
}

export function droppedPath(folder: string, entryId: string, reason: string): string {
  return join(folder, `${checked(entryId)}.${reason}.dropped`);
}

function checked(entryId: string): string {
  if (normaliseId(entryId) !== entryId) throw new StoreError('not-found', 'this is not an entry id');
  return entryId;
}
