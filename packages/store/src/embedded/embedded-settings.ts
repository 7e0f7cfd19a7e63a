import type { Settings } from '../contract/settings.ts';
import { ask, type Engine, write } from './engine.ts';
import { parseStored } from './sqlite/stored-json.ts';

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
