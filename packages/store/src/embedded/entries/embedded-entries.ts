import type { Entries } from '../../contract/entries.ts';
import type { Engine } from '../engine.ts';
import { BucketFolders } from '../files/bucket-folder.ts';
import { addEntry } from './add-entry.ts';
import { pendingEntries, readEntry } from './read-entry.ts';
import { dropEntry, markEntry } from './settle-entry.ts';

/** Entries as files, with an index beside them. */
export function embeddedEntries(engine: Engine): Entries {
  const folders = new BucketFolders(engine.paths.entries, engine.disk);
  return {
    add: (frame, gate, receivedAt) => addEntry(engine, folders, frame, gate, receivedAt),
    pending: () => pendingEntries(engine),
    read: (entryId) => readEntry(engine, entryId),
    mark: (entryId, receipt) => markEntry(engine, entryId, receipt),
    drop: (entryId, reason) => dropEntry(engine, entryId, reason),
  };
}
