import { path } from '../builtin.ts';
import { type HangOrders, WATCHER } from '../hang/orders.ts';
import type { Settings } from './settings/settings.ts';
import { ownWorkers } from './workers/workers.ts';

const BEATS_PER_HANG = 5;

/** Starts the thread that watches for hangs of this one. Gives what stops it. */
export function watchHangs(settings: Settings): () => void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const beats = new SharedArrayBuffer(4);
  const counter = new Int32Array(beats);
  const orders: HangOrders = { settings, beats };
  const fromSource = import.meta.filename.endsWith('.ts');
  const file = path.join(import.meta.dirname, fromSource ? '../hang/watcher.ts' : 'hang-watcher.js');
  const worker = new Worker(file, {
    name: WATCHER,
    workerData: orders,
    // Not the host's own flags: what it preloads is not for this thread.
    execArgv: fromSource ? ['-C', '@fr/source'] : [],
  });
  ownWorkers.add(worker);
  // Without a listener a fault of this thread would become an exception of the host.
  worker.on('error', () => undefined);
  worker.unref();
  const timer = setInterval(() => Atomics.add(counter, 0, 1), settings.hangAfterMs / BEATS_PER_HANG).unref();
  return () => {
    clearInterval(timer);
    void worker.terminate();
  };
}
