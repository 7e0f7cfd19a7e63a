/**
 * Whether a fr-reporter that a program has launched may ask the server now. The answer lies in the spool, so that one
 * launched after it keeps to it. One launched shortly before the time waits for it, holding the lock; somebody who
 * delivers by hand takes the file away and is let in.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetRetryState, keepRetryState, type RetryState, readRetryState } from '../spool/retry-state.ts';
import type { Spool } from '../spool/spool.ts';
import { BETWEEN_LAUNCHES, delayAfter } from './backoff.ts';

const LOOK_EVERY_MS = 250;
/** Of a life of 60 s, the rest is for delivering. */
const MOST_PATIENCE_MS = 40_000;

/** What patience works with. */
export interface PatiencePorts {
  readonly spool: Spool;
  /** Origin of the server. */
  readonly server: string;
  readonly now: () => number;
  readonly random: () => number;
}

/** Resolves when the server may be asked; to why not, where that is too far away or somebody else will. */
export async function waitForTurn(ports: PatiencePorts, signal: AbortSignal): Promise<string | undefined> {
  const held = readRetryState(ports.spool, ports.server);
  if (!held || isOver(held, ports.now())) return undefined;
  const until = new Date(held.notBefore).toISOString();
  const why = `the server is left alone until ${until}; fr-reporter deliver asks it at once (${held.why})`;
  if (held.notBefore - ports.now() > MOST_PATIENCE_MS) return why;
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || !readRetryState(ports.spool, ports.server)) return why;
    if (isOver(held, ports.now())) return undefined;
  }
}

function isOver({ at, notBefore }: RetryState, now: number): boolean {
  return now >= notBefore || now < at;
}

/** Notes how it went, for those launched next. */
export function noteTurn(
  { spool, server, now, random }: PatiencePorts,
  failed: { readonly why: string; readonly retryAfterMs?: number | undefined } | undefined,
): void {
  if (!failed) {
    forgetRetryState(spool);
    return;
  }
  const failures = (readRetryState(spool, server)?.failures ?? 0) + 1;
  const delay = delayAfter(failures, BETWEEN_LAUNCHES, random(), failed.retryAfterMs);
  keepRetryState(spool, { server, failures, at: now(), notBefore: now() + delay, why: failed.why });
}
