import type { Quota } from '@fr/protocol';
import type { Quotas } from '../contract/quotas.ts';
import { ask, type Engine, write } from './engine.ts';

/** Quotas, in a table. */
export function embeddedQuotas(engine: Engine): Quotas {
  return {
    replace: async (source, bucketIds, quotas) => {
      engine.condition.checkWritable();
      await write(engine, 'quoteBuckets', { source, bucketIds, quotas }, { bytes: 100 * quotas.length });
    },
    list: async (bucketId) => {
      // Not `?1 IS NULL OR bucket_id = ?1`: Node's SQLite before 22.20 miscounts a parameter that is named twice.
      const which = bucketId === undefined ? [] : [bucketId];
      const sql = `SELECT demand_id AS demandId, bucket_id AS bucketId, type, count FROM quotas
        ${which.length > 0 ? 'WHERE bucket_id = ?' : ''} ORDER BY source, position`;
      return ask(engine, (db) => db.all<Quota>(sql, ...which)).map((row) => ({ ...row }));
    },
  };
}
