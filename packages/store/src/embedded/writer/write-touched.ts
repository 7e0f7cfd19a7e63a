import type { Database } from '../sqlite/database.ts';
import type { Writes } from './write.ts';

/** See `entries/touched.ts`. */
export function writeTouched(db: Database, { add, remove }: Writes['touch']['take']): undefined {
  for (const bucketId of remove) db.run('DELETE FROM touched WHERE bucket_id = ?', bucketId);
  for (const bucketId of add) db.run('INSERT OR IGNORE INTO touched VALUES (?)', bucketId);
}
