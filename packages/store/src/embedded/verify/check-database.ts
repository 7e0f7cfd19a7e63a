import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadArguments, threadFile } from '../thread-file.ts';
import type { CheckedDatabase } from './database-thread.ts';

/** All of a database, as it is at about one moment, without keeping anybody waiting. */
export async function checkDatabase(path: string): Promise<CheckedDatabase> {
  const thread = new Worker(threadFile('verify', 'database-thread'), {
    workerData: path,
    name: 'fr-store-verify',
    stdin: false,
    execArgv: [...threadArguments()],
  });
  const [checked]: CheckedDatabase[] = await once(thread, 'message');
  return checked ?? { faults: [], wrongSums: 0 };
}
