import type { SignedDemand } from '@fr/protocol';
import type { StoredDemand } from '../../contract/demands.ts';
import type { Database } from '../sqlite/database.ts';
import type { Writes } from './write.ts';

export function putDemand(db: Database, stored: StoredDemand): void {
  const { demand, source, seenAt, closedAt, approval } = stored;
  db.run(
    `INSERT INTO demands VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET source = excluded.source, version = excluded.version, seen_at = excluded.seen_at,
       closed_at = excluded.closed_at, signed = excluded.signed, approval = coalesce(excluded.approval, approval)`,
    demand.terms.id,
    source,
    demand.terms.version,
    seenAt,
    closedAt ?? null,
    JSON.stringify(demand),
    approval ? JSON.stringify(approval) : null,
  );
}

export function replaceDemands(db: Database, take: Writes['replaceDemands']['take']): void {
  const { source, demands, quotas, at } = take;
  db.run(
    `UPDATE demands SET closed_at = ? WHERE source = ? AND closed_at IS NULL
       AND demand_id NOT IN (SELECT value FROM json_each(?))`,
    at,
    source,
    JSON.stringify(demands.map(({ terms }) => terms.id)),
  );
  for (const demand of demands) listDemand(db, demand, source, at);
  db.run('DELETE FROM quotas WHERE source = ?', source);
  quotas.forEach(({ demandId, bucketId, type, count }, position) => {
    db.run('INSERT INTO quotas VALUES (?, ?, ?, ?, ?, ?)', source, position, demandId, bucketId, type, count);
  });
}

export function quoteBuckets(
  db: Database,
  { source, bucketIds, quotas }: Writes['quoteBuckets']['take'],
): void {
  for (const bucketId of bucketIds)
    db.run('DELETE FROM quotas WHERE source = ? AND bucket_id = ?', source, bucketId);
  const last = db.get<{ last: number | null }>(
    'SELECT max(position) AS last FROM quotas WHERE source = ?',
    source,
  );
  const first = (last?.last ?? -1) + 1;
  quotas.forEach(({ demandId, bucketId, type, count }, place) => {
    const position = first + place;
    db.run('INSERT INTO quotas VALUES (?, ?, ?, ?, ?, ?)', source, position, demandId, bucketId, type, count);
  });
}

/** Opens or renews one demand, but never one that another source holds. */
function listDemand(db: Database, demand: SignedDemand, source: string, at: number): void {
  db.run(
    `INSERT INTO demands VALUES (?, ?, ?, ?, NULL, ?, NULL)
     ON CONFLICT DO UPDATE SET closed_at = NULL, signed = excluded.signed, version = excluded.version,
       seen_at = CASE WHEN version = excluded.version THEN seen_at ELSE excluded.seen_at END
     WHERE source = excluded.source`,
    demand.terms.id,
    source,
    demand.terms.version,
    at,
    JSON.stringify(demand),
  );
}

export function decideDemand(db: Database, take: Writes['decideDemand']['take']): boolean {
  const changed = db.run(
    'UPDATE demands SET approval = ? WHERE demand_id = ?',
    JSON.stringify(take.approval),
    take.demandId,
  );
  return changed > 0;
}

export function deleteSettings(db: Database, take: Writes['deleteSettings']['take']): void {
  db.run('DELETE FROM settings WHERE name IN (SELECT value FROM json_each(?))', JSON.stringify(take.names));
}

export function writeSetting(db: Database, take: Writes['writeSetting']['take']): void {
  db.run(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    take.name,
    take.value,
  );
}
