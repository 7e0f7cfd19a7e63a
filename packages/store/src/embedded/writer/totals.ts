import type { Origin } from '@fr/protocol';
import type { Database } from '../sqlite/database.ts';

export function heldTotal(
  db: Database,
  program: number,
  bucketId: string,
  origin: Origin,
): number | undefined {
  return db.get<{ hits: number }>(
    'SELECT hits FROM totals WHERE program = ? AND bucket_id = ? AND origin_id = ? AND epoch = ?',
    program,
    bucketId,
    origin.id,
    origin.epoch,
  )?.hits;
}

export function addToTotal(
  db: Database,
  program: number,
  bucketId: string,
  origin: Origin,
  added: number,
): void {
  db.run(
    'INSERT INTO totals VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET hits = hits + excluded.hits',
    program,
    bucketId,
    origin.id,
    origin.epoch,
    added,
  );
}
