import type { SignedDemand } from '@fr/protocol';
import type { Approval, CreditCount, Demands, StoredDemand } from '../contract/demands.ts';
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
    list: async () => listDemands(engine),
    decide: async (demandId, approval) => {
      engine.condition.checkWritable();
      return write(engine, 'decideDemand', { demandId, approval });
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
