/**
 * One life of fr-reporter: takes the lock, delivers what waits, oldest first, and looks once more after giving the lock
 * back, because whoever found it taken has gone away in the belief that we would.
 * @module
 */
import { concludeRuns, hasEndedRuns, undecided } from '../guard/after-death.ts';
import { type SpoolLock, takeLock } from '../spool/lock.ts';
import { type Spool, sweep, waitingIds } from '../spool/spool.ts';
import { type Delivered, type DeliveryPorts, deliver } from './delivery.ts';

/** What a round has done. */
export interface Round {
  readonly settled: number;
  readonly dropped: number;
  /** Failures still in the spool. */
  readonly waiting: number;
  /** Why the last one that was tried still waits. */
  readonly why?: string;
  /** Process id of another fr-reporter that is at work; then nothing was done. */
  readonly heldBy?: number;
}

export interface RoundOptions {
  readonly ports: DeliveryPorts;
  /** Whether to wait for another fr-reporter instead of leaving it to that. */
  readonly wait: boolean;
  /** Whether to deliver at once what its program may yet die of. */
  readonly evenUndecided: boolean;
  readonly signal: AbortSignal;
  /** Told of the lock, so that a signal handler can give it back. */
  readonly onLock: (lock: SpoolLock) => void;
}

const LOCK_POLL_MS = 100;

/** Delivers until nothing new waits, the server is out of reach, or the signal says stop. */
export async function deliverAll({
  ports,
  wait,
  evenUndecided,
  signal,
  onLock,
}: RoundOptions): Promise<Round> {
  const { spool } = ports;
  const tried = new Set<string>();
  const triedRuns = new Set<string>();
  let open: ReadonlySet<string> = new Set();
  const tally = { settled: 0, dropped: 0 };
  let why: string | undefined;
  let failed: string | undefined;
  const untried = (): readonly string[] => waitingIds(spool).filter((id) => !tried.has(id) && !open.has(id));
  const more = (): boolean => untried().length > 0 || hasEndedRuns(spool, ports.now(), triedRuns);
  do {
    const lock = await lockOf(spool, wait, signal);
    if ('heldBy' in lock) return { ...tally, waiting: waitingIds(spool).length, heldBy: lock.heldBy };
    onLock(lock);
    try {
      sweep(spool, ports.now());
      concludeRuns(spool, ports.now(), triedRuns);
      if (!evenUndecided) open = undecided(spool, ports.now());
      for (let ids = untried(); ids.length > 0 && why === undefined; ids = untried()) {
        why = await deliverEach(ids, ports, signal, (id, delivered) => {
          tried.add(id);
          if (delivered.kind === 'settled') tally.settled += 1;
          if (delivered.kind === 'dropped') tally.dropped += 1;
          if (delivered.kind === 'failed') failed = delivered.why;
        });
      }
    } finally {
      lock.release();
    }
  } while (why === undefined && !signal.aborted && more());
  const reason = why ?? failed;
  return { ...tally, waiting: waitingIds(spool).length, ...(reason === undefined ? {} : { why: reason }) };
}

/**
 * Delivers one after the other; stops, with the reason, at the first that must wait for the server: the next would wait
 * too. One that fails here (a full disk, a fault of ours) is left where it is and must not stand in the way of others.
 */
async function deliverEach(
  ids: readonly string[],
  ports: DeliveryPorts,
  signal: AbortSignal,
  tell: (id: string, delivered: Delivered) => void,
): Promise<string | undefined> {
  for (const id of ids) {
    if (signal.aborted) return 'the time of this run is over';
    const delivered = await deliver(id, ports).catch((error: unknown) => whatFailed(error));
    tell(id, delivered);
    if (delivered.kind === 'waits' || delivered.kind === 'key-refused') return delivered.why;
  }
  return undefined;
}

function whatFailed(error: unknown): Delivered {
  return { kind: 'failed', why: error instanceof Error ? error.message : 'unknown reason' };
}

async function lockOf(
  spool: Spool,
  wait: boolean,
  signal: AbortSignal,
): Promise<SpoolLock | { readonly heldBy: number }> {
  for (;;) {
    const lock = takeLock(spool);
    if ('release' in lock || !wait || signal.aborted) return lock;
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}
