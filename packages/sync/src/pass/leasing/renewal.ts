/**
 * An upload under leases: while its bytes are under way the leases are renewed each time a third of them is over. Where
 * that is refused, or fails until they are over, the upload is broken off: what left until then is in the ledger.
 * @module
 */
import type { Lease } from '@fr/protocol';
import { SyncError } from '../../sync-error.ts';
import type { PassOptions } from '../pass-options.ts';
import { askForLeases } from './fetch-leases.ts';
import type { PursedLease } from './lease-purse.ts';

/** Runs an upload, whose signal ends it with the leases. Nothing is renewed where it is over soon. */
export async function underLeases<T>(
  options: PassOptions,
  leases: readonly PursedLease[],
  upload: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (leases.length === 0) return await upload(options.signal);
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal;
  const origin = await options.store.identity.origin();
  const stop = keepRenewed(options, origin.id, leases, () => over.abort());
  try {
    return await upload(signal);
  } catch (cause) {
    if (!over.signal.aborted) throw cause;
    throw new SyncError('lease-over', `the lease of ${options.to} was over before the upload`, { cause });
  } finally {
    stop();
  }
}

function keepRenewed(
  options: PassOptions,
  originId: string,
  leases: readonly PursedLease[],
  onOver: () => void,
): () => void {
  const asks = leases.map(({ expiresInMs: _, until: __, ...ask }) => ask);
  let until = Math.min(...leases.map((lease) => lease.until));
  let stopped = false;
  let stopTimer: (() => void) | undefined;
  async function renew(): Promise<void> {
    const askedAt = options.now();
    try {
      const reply = await askForLeases(options, originId, asks, () => undefined);
      if (reply.refused.length > 0) until = askedAt;
      else until = askedAt + shortest(reply.given);
    } catch {
      // As long as they are in force another try may do.
    }
    if (stopped) return;
    if (until <= options.now()) onOver();
    else arm();
  }
  function arm(): void {
    const wait = Math.max(100, (until - options.now()) / 3);
    stopTimer = (options.setTimer ?? startTimeout)(() => void renew(), wait);
  }
  arm();
  return () => {
    stopped = true;
    stopTimer?.();
  };
}

function shortest(leases: readonly Lease[]): number {
  return Math.min(...leases.map(({ expiresInMs }) => expiresInMs));
}

function startTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}
