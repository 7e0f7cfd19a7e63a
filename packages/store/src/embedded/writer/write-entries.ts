import type { Credit } from '../../contract/entries.ts';
import type { Database } from '../sqlite/database.ts';
import type { Tally } from './tally.ts';
import type { Writes } from './write.ts';

interface IndexedEntry {
  readonly bucket_id: string;
  readonly state: string;
  readonly header: string;
}

export function storeEntry(
  db: Database,
  tally: Tally,
  take: Writes['storeEntry']['take'],
): Writes['storeEntry']['give'] {
  const { entry, credits, rebuilding } = take;
  tally.count('entries', 'received', '');
  if (findEntry(db, entry.header.entryId)) {
    tally.count('entries', 'duplicate', '');
    return 'duplicate';
  }
  if (!takeCredits(db, credits) && !rebuilding) {
    tally.count('entries', 'refused', 'not-needed');
    return 'not-needed';
  }
  const { bucketId } = entry.at;
  tally.know(entry.at, entry.storedAt);
  db.run(
    'INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    entry.header.entryId,
    bucketId,
    entry.state,
    entry.storedAt,
    entry.digest,
    entry.bytes,
    entry.headBytes,
    entry.fileBytes,
    JSON.stringify(entry.header),
    JSON.stringify(entry.receipts),
  );
  tally.addEntries(bucketId, entry.state === 'pending' ? 1 : 0, entry.state === 'pending' ? 0 : 1);
  tally.addTypes(
    bucketId,
    entry.header.parts.map(({ type }) => type),
    1,
  );
  tally.touch(bucketId);
  tally.count('entries', 'stored', '');
  return 'stored';
}

/** Takes every credit that is left; false when there are credits and none was left. */
function takeCredits(db: Database, credits: readonly Credit[]): boolean {
  let taken = 0;
  for (const { demandId, scope, type, limit } of credits) {
    if (limit < 1) continue;
    taken += db.run(
      `INSERT INTO credits VALUES (?, ?, ?, 1)
       ON CONFLICT DO UPDATE SET accepted = accepted + 1 WHERE accepted < ?`,
      demandId,
      scope,
      type,
      limit,
    );
  }
  return credits.length === 0 || taken > 0;
}

export function markEntry(db: Database, tally: Tally, take: Writes['markEntry']['take']): boolean {
  const held = findEntry(db, take.entryId);
  if (!held) return false;
  db.run(
    "UPDATE entries SET state = 'uploaded', receipts = ?, file_bytes = ? WHERE entry_id = ?",
    JSON.stringify(take.receipts),
    take.fileBytes,
    take.entryId,
  );
  if (held.state === 'pending') tally.addEntries(held.bucket_id, -1, 1);
  tally.touch(held.bucket_id);
  return true;
}

export function reindexEntry(db: Database, { entry }: Writes['reindexEntry']['take']): undefined {
  db.run(
    `UPDATE entries SET bytes = ?, head_bytes = ?, file_bytes = ?, header = ?, receipts = ? WHERE entry_id = ?`,
    entry.bytes,
    entry.headBytes,
    entry.fileBytes,
    JSON.stringify(entry.header),
    JSON.stringify(entry.receipts),
    entry.header.entryId,
  );
}

export function dropEntry(db: Database, tally: Tally, take: Writes['dropEntry']['take']): boolean {
  const held = findEntry(db, take.entryId);
  if (!held) return false;
  db.run('DELETE FROM entries WHERE entry_id = ?', take.entryId);
  tally.addEntries(held.bucket_id, held.state === 'pending' ? -1 : 0, held.state === 'pending' ? 0 : -1);
  tally.addTypes(held.bucket_id, typesIn(held.header), -1);
  tally.touch(held.bucket_id);
  tally.count('entries', 'dropped', take.reason);
  return true;
}

/** None where the row is damaged: what it had is not counted any more after a repair. */
function typesIn(header: string): readonly string[] {
  try {
    const { parts }: { readonly parts: readonly { readonly type: string }[] } = JSON.parse(header);
    return parts.map(({ type }) => type);
  } catch {
    return [];
  }
}

function findEntry(db: Database, entryId: string): IndexedEntry | undefined {
  return db.get<IndexedEntry>('SELECT bucket_id, state, header FROM entries WHERE entry_id = ?', entryId);
}
