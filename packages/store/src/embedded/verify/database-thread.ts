/**
 * Looks at a whole database in a thread of its own, through a connection of its own: with a million buckets that takes
 * minutes, during which the thread that serves has to serve. Says what it found, once.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Database } from '../sqlite/database.ts';
import { countWrongSums } from '../sqlite/derived.ts';
import { faultOf } from '../sqlite/fault.ts';
import { databaseFaults } from '../sqlite/integrity.ts';

/** What is wrong with a database. Sums are looked at only where everything else is sound. */
export interface CheckedDatabase {
  readonly faults: readonly string[];
  readonly wrongSums: number;
}

function check(path: string): CheckedDatabase {
  let db: Database | undefined;
  try {
    db = new Database(path, { readOnly: true });
    const faults = databaseFaults(db);
    return { faults, wrongSums: faults.length > 0 ? 0 : countWrongSums(db) };
  } catch (cause) {
    return { faults: [faultOf(cause).message], wrongSums: 0 };
  } finally {
    db?.close();
  }
}

parentPort?.postMessage(check(workerData));
