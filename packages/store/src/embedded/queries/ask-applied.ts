/**
 * A question about counts reads the journal beside the tables. What a flood leaves there in seconds, 65,536 hits of as
 * many buckets at the worst, would take half a second of the thread that serves: so much is added to the tables first,
 * in the writer's thread, and only what little has come since is read beside them.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, askCounts, type Engine, write } from '../engine.ts';
import type { Database } from '../sqlite/database.ts';

/** Bytes of the journal that are read beside the tables: some 4,000 hits, about 20 ms. */
const READ_BESIDE = 128 * 1024;

/** A disk that takes longer is not waited for: then all of the journal is read, whatever it takes. */
const PATIENCE_MS = 1_000;

/** As {@link askCounts}. */
export async function askApplied<T>(
  engine: Engine,
  question: (db: Database, journaled: boolean) => T,
): Promise<T> {
  if (engine.writer && journaledBytes(engine) > READ_BESIDE) await applied(engine);
  return askCounts(engine, question);
}

function journaledBytes(engine: Engine): number {
  const sql = 'SELECT total(length(hits)) AS bytes FROM journal';
  return ask(engine, (db) => db.get<{ bytes: number }>(sql)?.bytes ?? 0);
}

/** A failure is none of the question's: whoever counts is told. */
async function applied(engine: Engine): Promise<void> {
  const late = new AbortController();
  const patience = sleep(PATIENCE_MS, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([write(engine, 'apply', {}).catch(() => undefined), patience]);
  late.abort();
}
