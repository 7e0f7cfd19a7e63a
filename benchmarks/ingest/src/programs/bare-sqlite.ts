/** The limit of the library: one transaction of 100 upserts of a counter, durable, again and again. `FILE`. */
import { DatabaseSync } from 'node:sqlite';
import { cpuMicros } from '../figures.ts';
import { answer } from '../program.ts';
import { zipf } from '../traffic.ts';

const [file = ''] = process.argv.slice(2);
const db = new DatabaseSync(file);
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE counts (key TEXT PRIMARY KEY, hits INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
const upsert = db.prepare('INSERT INTO counts VALUES (?, 1) ON CONFLICT DO UPDATE SET hits = hits + 1');
const draw = zipf(1);

answer<{ readonly hits: number }>(
  async ({ hits }) => {
    const keys = Array.from({ length: hits }, () => `bucket-${draw()}`.padEnd(32, '.'));
    const [cpu, started] = [cpuMicros(), performance.now()];
    for (let at = 0; at < keys.length; at += 100) {
      db.exec('BEGIN IMMEDIATE');
      for (const key of keys.slice(at, at + 100)) upsert.run(key);
      db.exec('COMMIT');
    }
    return {
      cpuPerHit: (cpuMicros() - cpu) / hits,
      perSecond: (1_000 * hits) / (performance.now() - started),
    };
  },
  async () => db.close(),
);
