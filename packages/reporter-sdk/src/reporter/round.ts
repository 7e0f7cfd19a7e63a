/**
 * One life of fr-reporter: takes the lock, delivers what waits, oldest first, and looks once more after giving the lock
 * back, because whoever found it taken has gone away in the belief that we would.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from '@fr/protocol/ids';
import { concludeRuns, hasEndedRuns, type Undecided, undecided } from '../guard/after-death.ts';
import { openDropReport, settleDropReport } from '../spool/drops.ts';
import { type SpoolLock, takeLock, waitForLock } from '../spool/folder/lock.ts';
import { sweepHeld } from '../spool/held.ts';
import { forgetRetryState } from '../spool/retry-state.ts';
import { comingSnapshots } from '../spool/snapshot-file.ts';
import { type Spool, sweep, waitingIds } from '../spool/spool.ts';
import { type Delivered, type DeliveryPorts, deliver } from './delivery.ts';
import { noteTurn, type PatiencePorts, waitForTurn } from './patience.ts';
import { recall } from './recall.ts';
import { trim } from './trimming.ts';

/** A guard says how its program ended within milliseconds, or a tenth of a second where it has to look again. */
const PAUSE_MS = 50;
const MAX_PAUSES = 40;

const NOTHING_OPEN: Undecided = { ids: new Set(), soon: false };

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
  /** Whether to deliver at once what its program may yet die of, to a server that wants to be left alone. */
  readonly atOnce: boolean;
  readonly signal: AbortSignal;
  /** Told of the lock, so that a signal handler can give it back. */
  readonly onLock: (lock: SpoolLock) => void;
}

/** What a round knows of itself while it runs. */
interface Progress {
  readonly tried: Set<string>;
  readonly triedRuns: Set<string>;
  open: Undecided;
  /** How often it was waited for what is decided soon. */
  pauses: number;
  settled: number;
  dropped: number;
  /** Why nothing more is tried. */
  stopped: Stop | undefined;
  failed: string | undefined;
}

interface Stop {
  readonly why: string;
  readonly retryAfterMs?: number | undefined;
}

/** Delivers until nothing new waits, the server is out of reach, or the signal says stop. */
export async function deliverAll(options: RoundOptions): Promise<Round> {
  const { ports, wait, atOnce, signal, onLock } = options;
  const { spool } = ports;
  const progress: Progress = {
    tried: new Set(),
    triedRuns: new Set(),
    open: NOTHING_OPEN,
    pauses: 0,
    settled: 0,
    dropped: 0,
    stopped: undefined,
    failed: undefined,
  };
  if (atOnce) forgetRetryState(spool);
  do {
    const lock = wait ? await waitForLock(spool, signal) : takeLock(spool);
    if ('heldBy' in lock) return { ...said(progress, spool), heldBy: lock.heldBy };
    onLock(lock);
    try {
      await workUnderLock(options, progress);
    } finally {
      lock.release();
    }
  } while (!progress.stopped && !signal.aborted && (await hasMore(ports, progress)));
  return said(progress, spool);
}

function said({ settled, dropped, stopped, failed }: Progress, spool: Spool): Round {
  const why = stopped?.why ?? failed;
  return { settled, dropped, waiting: waitingIds(spool).length, ...(why === undefined ? {} : { why }) };
}

function untried({ tried, open }: Progress, spool: Spool): readonly string[] {
  // A heap snapshot that its host is taking belongs to the failure.
  const coming = comingSnapshots(spool);
  return waitingIds(spool).filter((id) => !tried.has(id) && !open.ids.has(id) && !coming.has(id));
}

async function hasMore({ spool, now }: DeliveryPorts, progress: Progress): Promise<boolean> {
  if (untried(progress, spool).length > 0 || hasEndedRuns(spool, now(), progress.triedRuns)) return true;
  if (!progress.open.soon) return false;
  progress.pauses += 1;
  await sleep(PAUSE_MS);
  return true;
}

async function workUnderLock(options: RoundOptions, progress: Progress): Promise<void> {
  const { ports, atOnce, signal } = options;
  const { spool, now } = ports;
  sweep(spool, now());
  sweepHeld(spool, now());
  concludeRuns(spool, now(), progress.triedRuns);
  trim(spool, now());
  const awaits = (run: string) => progress.pauses < MAX_PAUSES && !progress.triedRuns.has(run);
  if (!atOnce) progress.open = undecided(spool, now(), awaits);
  const startedAt = now();
  if (untried(progress, spool).length === 0)
    return progress.open.soon ? undefined : afterwards(options, startedAt);
  const turn: PatiencePorts = { ...ports, server: ports.link.origin };
  const notYet = atOnce ? undefined : await waitForTurn(turn, signal);
  if (notYet !== undefined) {
    progress.stopped = { why: notYet };
    return;
  }
  for (
    let ids = untried(progress, spool);
    ids.length > 0 && !progress.stopped;
    ids = untried(progress, spool)
  )
    await deliverEach(ids, ports, signal, progress);
  if (!signal.aborted) noteTurn(turn, progress.stopped);
  if (!progress.stopped) await afterwards(options, startedAt);
}

/** When nothing waits, or all that does was tried: what was given up is told, and what is held asked about. */
async function afterwards({ ports, atOnce, signal }: RoundOptions, startedAt: number): Promise<void> {
  await tellDrops(ports);
  // A disk that is full, or a folder that is not ours: what waits was delivered, and nothing of this is lost.
  await recall(ports, { startedAt, atOnce, signal }).catch(() => undefined);
}

/**
 * Delivers one after the other; stops, with the reason, at the first that must wait for the server: the next would wait
 * too. One that fails here (a full disk, a fault of ours) is left where it is and must not stand in the way of others.
 */
async function deliverEach(
  ids: readonly string[],
  ports: DeliveryPorts,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  for (const id of ids) {
    if (signal.aborted) {
      progress.stopped = { why: 'the time of this run is over' };
      return;
    }
    const delivered = await deliver(id, ports).catch((error: unknown) => whatFailed(error));
    progress.tried.add(id);
    if (delivered.kind === 'settled') progress.settled += 1;
    if (delivered.kind === 'dropped') progress.dropped += 1;
    if (delivered.kind === 'failed') progress.failed = delivered.why;
    if (delivered.kind === 'waits' || delivered.kind === 'key-refused') {
      progress.stopped = delivered;
      return;
    }
  }
}

function whatFailed(error: unknown): Delivered {
  return { kind: 'failed', why: error instanceof Error ? error.message : 'unknown reason' };
}

/** Tells the site what was given up. What it does not take now goes along another time. */
async function tellDrops({ spool, link, now }: DeliveryPorts): Promise<void> {
  const report = openDropReport(spool, () => uuidv7({ now }));
  if (!report) return;
  const answer = await link.postDrops(report);
  if (answer.kind === 'taken') settleDropReport(spool, report.reportId, now());
}
