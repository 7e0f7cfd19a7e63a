import type { Quota, SignedDemand } from '@fr/protocol';
import type { Approval, CreditCount, Demands, StoredDemand } from '../contract/demands.ts';
import type { Settings } from '../contract/settings.ts';
import { ask, type Engine, write } from './engine.ts';
import { parseStored } from './sqlite/stored-json.ts';

interface DemandColumns {
  readonly demand_id: string;
  readonly source: string;
  readonly seen_at: number;
  readonly closed_at: number | null;
  readonly signed: string;
  readonly approval: string | null;
}

/** Demands as signed, in a table. */
export function embeddedDemands(engine: Engine): Demands {
  return {
    put: async (demand) => {
      engine.condition.checkWritable();
      await write(engine, 'putDemand', demand);
    },
    replace: async (source, demands, quotas, at) => {
      engine.condition.checkWritable();
      const bytes = 1_000 * demands.length + 100 * quotas.length;
      await write(engine, 'replaceDemands', { source, demands, quotas, at }, { bytes });
    },
    quote: async (source, bucketIds, quotas) => {
      engine.condition.checkWritable();
      await write(engine, 'quoteBuckets', { source, bucketIds, quotas }, { bytes: 100 * quotas.length });
    },
    list: async () => listDemands(engine),
    decide: async (demandId, approval) => {
      engine.condition.checkWritable();
      return write(engine, 'decideDemand', { demandId, approval });
    },
    quotas: async (bucketId) => {
      // Not `?1 IS NULL OR bucket_id = ?1`: Node's SQLite before 22.20 miscounts a parameter that is named twice.
      const which = bucketId === undefined ? [] : [bucketId];
      const sql = `SELECT demand_id AS demandId, bucket_id AS bucketId, type, count FROM quotas
        ${which.length > 0 ? 'WHERE bucket_id = ?' : ''} ORDER BY source, position`;
      return ask(engine, (db) => db.all<Quota>(sql, ...which)).map((row) => ({ ...row }));
    },
    credits: async (of) => {
      const columns = 'SELECT c.demand_id AS demandId, c.scope, c.type, c.accepted FROM';
      const sql = `${columns} json_each(?) j CROSS JOIN credits c
        ON c.demand_id = j.value ->> 0 AND c.scope = j.value ->> 1`;
      const rows = ask(engine, (db) =>
        of
          ? db.all<CreditCount>(sql, JSON.stringify(of.map(({ demandId, scope }) => [demandId, scope])))
          : db.all<CreditCount>(`${columns} credits c`),
      );
      return rows.map((row) => ({ ...row }));
    },
  };
}

export function listDemands(engine: Engine): readonly StoredDemand[] {
  const sql = 'SELECT * FROM demands ORDER BY seen_at DESC, demand_id';
  return ask(engine, (db) => db.all<DemandColumns>(sql)).map(storedDemand);
}

function storedDemand(row: DemandColumns): StoredDemand {
  return {
    demand: parseStored(row.signed, `the row of demand ${row.demand_id}`) as SignedDemand,
    source: row.source,
    seenAt: row.seen_at,
    ...(row.closed_at !== null && { closedAt: row.closed_at }),
    ...(row.approval !== null && {
      approval: parseStored(row.approval, `the row of demand ${row.demand_id}`) as Approval,
    }),
  };
}

/** Settings as JSON, in a table. */
export function embeddedSettings(engine: Engine): Settings {
  return {
    read: async (name) => {
      const sql = 'SELECT value FROM settings WHERE name = ?';
      const row = ask(engine, (db) => db.get<{ value: string }>(sql, name));
      return row && parseStored(row.value, `the setting "${name}"`);
    },
    write: async (name, value) => {
      engine.condition.checkWritable();
      const text = JSON.stringify(value ?? null);
      await write(engine, 'writeSetting', { name, value: text }, { bytes: 2 * text.length });
    },
    delete: async (names) => {
      engine.condition.checkWritable();
      if (names.length > 0) await write(engine, 'deleteSettings', { names }, { bytes: 100 * names.length });
    },
  };
}
