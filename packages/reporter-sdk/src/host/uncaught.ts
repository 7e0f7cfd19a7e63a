import type { Outcome } from '@fr/protocol';

/** Notes what was thrown; `origin` as Node calls it. */
export type NoteUncaught = (
  thrown: unknown,
  outcome: Outcome,
  origin: 'uncaughtException' | 'unhandledRejection',
) => void;

/**
 * Listens for uncaught exceptions and, in Node's modes `throw` and `strict`, unhandled rejections. Changes nothing about
 * either. Gives what stops it.
 */
export function watchUncaught(note: NoteUncaught): () => void {
  const listener: NodeJS.UncaughtExceptionListener = (thrown: unknown, origin) =>
    note(thrown, mayBeCaught() ? 'unknown' : 'fatal', origin);
  process.on('uncaughtExceptionMonitor', listener);
  return () => process.removeListener('uncaughtExceptionMonitor', listener);
}

/** Whether the host has a handler of its own (a domain is one): then nobody knows yet whether it dies. */
function mayBeCaught(): boolean {
  return process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
}
