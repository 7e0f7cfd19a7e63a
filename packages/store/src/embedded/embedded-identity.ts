import type { Identity } from '../contract/identity.ts';
import { ask, type Engine, write } from './engine.ts';
import type { Database } from './sqlite/database.ts';
import { readOrigin } from './sqlite/origin.ts';

/** Facts of the database. */
export function embeddedIdentity(engine: Engine): Identity {
  return {
    epochs: async () => ask(engine, ownEpochs),
    origin: async () => ask(engine, readOrigin),
    openEpoch: async () => {
      engine.condition.checkWritable();
      return write(engine, 'openEpoch', { now: Math.trunc(engine.now()) });
    },
  };
}

/** A look at every total; asked where what was counted under another epoch is to be told again. */
function ownEpochs(db: Database): readonly number[] {
  const sql = 'SELECT DISTINCT epoch FROM totals WHERE origin_id = ? ORDER BY epoch';
  return db.all<{ epoch: number }>(sql, readOrigin(db).id).map(({ epoch }) => epoch);
}
