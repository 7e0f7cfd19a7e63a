import type { Outcome } from '@fr/protocol';

/** What becomes of a program with an uncaught exception, as far as that can be said while it is looked at. */
export function outcomeOfUncaught(): Outcome {
  // A handler of the host's own (a domain is one): then nobody knows yet whether it dies.
  const mayBeCaught =
    process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
  return mayBeCaught ? 'unknown' : 'fatal';
}
