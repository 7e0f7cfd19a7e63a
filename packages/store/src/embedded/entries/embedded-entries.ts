import type { Entries } from '../../contract/entries.ts';
import type { Keeper } from '../../retention/keeper.ts';
import type { Engine } from '../engine.ts';
import { BucketFolders } from '../files/bucket-folder.ts';
import { addEntry } from './add-entry.ts';
import { pendingEntries, readEntry } from './read-entry.ts';
import { retainEntries } from './retain-entries.ts';
import { dropEntry, markEntry } from './settle-entry.ts';

/** Entries as files, with an index beside them. `keeper`: hears of every entry that is stored. */
export function embeddedEntries(engine: Engine, keeper: Keeper | undefined): Entries {
  const folders = new BucketFolders(engine.paths.entries, engine.disk);
  return {
    add: async (frame, gate, receivedAt) => {
      const added = await addEntry(engine, folders, frame, gate, receivedAt);
      if (added.result === 'stored')
        keeper?.arrived(engine.names.of(added.entry.header.bucket).bucketId, added.entry.bytes);
      return added;
    },
    pending: () => pendingEntries(engine),
    read: (entryId) => readEntry(engine, entryId),
    mark: (entryId, receipt) => markEntry(engine, entryId, receipt),
    drop: (entryId, reason) => dropEntry(engine, entryId, reason),
    retain: (limits, now) => retainEntries(engine, limits, now),
  };
}
