/**
 * Failures of worker threads, as their parent thread sees them: errors of workers without fr, and those that no worker
 * can note itself, such as running out of its memory. A worker with fr notes its failure and says so on a channel, so
 * that it counts once.
 *
 * `errorMonitor` is emitted before `error` and, unlike a
 * listener to that, does not make an error a handled one.
 * @module
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import { util } from '../../builtin.ts';

const CHANNEL = 'fr.reporter';

/** Threads that are ours: their failures are none of the program's. */
export const ownWorkers: WeakSet<Worker> = new WeakSet();

/** What a worker tells the threads of its process. */
interface Told {
  /** This worker has noted the failure it dies of. */
  readonly noted?: number;
}

export interface WorkerPorts {
  /** Notes a failure that the program handles. */
  readonly note: (thrown: unknown) => void;
  /** A worker has noted something: it is to be delivered. */
  readonly deliver: () => void;
  /** Keeps faults of ours from the host. */
  readonly quietly: <A extends readonly unknown[]>(act: (...args: A) => void) => (...args: A) => void;
}

export interface WorkerWatch {
  /** Looks after a worker that was made. */
  watch(worker: Worker): void;
  /** Whether an exception of this thread is the failure of a worker that has noted it itself. */
  claims(thrown: unknown): boolean;
  stop(): void;
}

/** Says to the other threads that something was noted here; `own` where it is what ends this worker. */
export function tellThreads(own: boolean): void {
  const { BroadcastChannel, threadId } = process.getBuiltinModule('node:worker_threads');
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(own ? { noted: threadId } : {});
  channel.close();
}

/** Begins to watch over the workers of this thread. */
export function watchWorkers({ note, deliver, quietly }: WorkerPorts): WorkerWatch {
  const errors = new WeakSet<object>();
  let value: { readonly thrown: unknown } | undefined;
  let channel: Channel | undefined;

  function onError(threadId: number, error: unknown, handled: boolean): void {
    const noted = channel?.takeNoted(threadId) === true;
    if (!noted) {
      // What nobody handles becomes an exception of this thread.
      if (handled) note(error);
    } else if (typeof error === 'object' && error !== null) errors.add(error);
    else value = { thrown: error };
  }

  function watch(worker: Worker): void {
    if (ownWorkers.has(worker)) return;
    channel ??= openChannel(deliver);
    const { errorMonitor } = process.getBuiltinModule('node:events');
    const { threadId } = worker;
    const onErrorOf = quietly((error: unknown) =>
      onError(threadId, error, worker.listenerCount('error') > 0),
    );
    worker.on(errorMonitor, onErrorOf);
  }

  return {
    watch,
    claims(thrown) {
      if (typeof thrown !== 'object' || thrown === null) return false;
      if (errors.has(thrown)) return true;
      // What is no error is thrown as one that Node makes around it.
      if (value === undefined || !util.types.isNativeError(thrown)) return false;
      const context = Object.getOwnPropertyDescriptor(thrown, 'context');
      const claimed = context !== undefined && context.value === value.thrown;
      if (claimed) value = undefined;
      return claimed;
    },
    stop() {
      channel?.close();
    },
  };
}

interface Channel {
  takeNoted(threadId: number): boolean;
  close(): void;
}

function openChannel(deliver: () => void): Channel {
  const { BroadcastChannel, receiveMessageOnPort } = process.getBuiltinModule('node:worker_threads');
  const channel = new BroadcastChannel(CHANNEL);
  const noted = new Set<number>();
  const take = ({ noted: threadId }: Told): void => {
    if (threadId !== undefined) noted.add(threadId);
    deliver();
  };
  channel.onmessage = (event) => take((event as { data: Told }).data);
  channel.unref();
  // Node takes a channel here as well; its types do not say so.
  const port = channel as unknown as MessagePort;
  return {
    takeNoted(threadId) {
      // The error may be seen before the message that was sent first.
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
        take(next.message as Told);
      return noted.delete(threadId);
    },
    close: () => channel.close(),
  };
}
