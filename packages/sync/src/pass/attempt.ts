import { overDayWords } from '../decision/gates.ts';
import { outcomeOf } from '../ledger/outcome.ts';
import type { LedgerEvent } from '../ledger/record.ts';
import { type Policy, sendingSwitchedOff } from '../policy/policy.ts';
import { type SentSince, shutWindow } from '../policy/send-window.ts';
import { SyncError } from '../sync-error.ts';
import type { PassOptions } from './pass-options.ts';

/** Bytes that left. */
export interface BytesLeft {
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** What came of an attempt: the reply, and what the ledger says left. */
export interface Attempted<Reply> {
  readonly reply: Reply;
  readonly bytes: BytesLeft;
}

/** How a reply reads in the ledger. */
export interface OutcomeWords {
  readonly outcome: 'delivered' | 'failed';
  readonly reason: string;
}

/** An attempt that failed, with what may have left until then. */
export class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
  override readonly cause: SyncError;
  readonly bytes: BytesLeft;

  constructor(cause: SyncError, bytes: BytesLeft) {
    super(cause.message);
    this.cause = cause;
    this.bytes = bytes;
  }
}

/** What is about to leave, as the ledger has it beforehand. */
export type Announced = Omit<LedgerEvent, 'at' | 'outcome' | 'outcomeOf' | 'reason'>;

/**
 * The one door through which bytes leave: whatever was decided before, the switches, the schedule and the caps of the
 * policy hold here, and the ledger has it on the disk when this resolves. Nothing has left when it throws.
 */
export async function announce(
  { ledger, policy, now, signal }: Pick<PassOptions, 'ledger' | 'policy' | 'now' | 'signal'>,
  announced: Announced,
): Promise<number> {
  if (signal?.aborted) {
    throw new SyncError('aborted', 'the pass was ended', { cause: signal.reason, nothingLeft: true });
  }
  const off = sendingSwitchedOff(policy);
  if (off !== undefined) {
    throw new SyncError('switched-off', `the policy switches sending off (${off})`, { nothingLeft: true });
  }
  checkSchedule(policy, now(), ledger.sent, announced);
  const cap = policy.caps?.bytesPerDay;
  if (cap !== undefined) checkDay(cap, ledger.sent.bytesInDay(now()), announced);
  const { seq } = await ledger.append({ at: now(), ...announced });
  return seq;
}

/**
 * One request, in the only order there is: written in the ledger and on the disk, then sent, then its outcome written
 * behind it. A crash in between leaves an attempt without an outcome, which counts as if it had left.
 */
export async function attempt<Reply>(
  options: PassOptions,
  announced: Announced,
  act: {
    readonly send: () => Promise<Reply>;
    readonly words: (reply: Reply) => OutcomeWords;
    /** Acts on the reply before the outcome is written: if it fails, the attempt stays open and is made again. */
    readonly settle?: (reply: Reply) => Promise<void>;
    /** How many of the announced bytes were handed over; default: all. */
    readonly handedOver?: () => BytesLeft;
  },
): Promise<Attempted<Reply>> {
  const { ledger, now } = options;
  const seq = await announce(options, announced);
  const all = { headerBytes: announced.headerBytes, payloadBytes: announced.payloadBytes };
  async function settle(outcome: 'delivered' | 'failed' | 'unknown', reason: string, bytes: BytesLeft) {
    await ledger.append(outcomeOf({ ...announced, seq }, { at: now(), outcome, reason, left: bytes }));
    return bytes;
  }
  let reply: Reply;
  try {
    reply = await act.send();
  } catch (error) {
    const cause = asSyncError(error);
    const nothing = { headerBytes: 0, payloadBytes: 0 };
    const bytes = cause.nothingLeft ? nothing : (act.handedOver?.() ?? all);
    await settle(cause.nothingLeft ? 'failed' : 'unknown', cause.code, bytes);
    throw new AttemptFailed(cause, bytes);
  }
  try {
    await act.settle?.(reply);
  } catch (error) {
    throw new AttemptFailed(asSyncError(error), all);
  }
  const { outcome, reason } = act.words(reply);
  // Not all of it where the other side has answered before it read on: a duplicate, a no.
  return { reply, bytes: await settle(outcome, reason, act.handedOver?.() ?? all) };
}

/** Whatever was decided: above the day's cap not a byte leaves, offers included. */
function checkDay(cap: number, sent: number, { headerBytes, payloadBytes }: BytesLeft): void {
  if (sent + headerBytes + payloadBytes <= cap) return;
  throw new SyncError('over-cap', overDayWords(cap, sent, headerBytes + payloadBytes), { nothingLeft: true });
}

/** Outside the windows of the policy nothing leaves, whoever asked for a pass. */
function checkSchedule(
  { schedule }: Policy,
  at: number,
  sent: SentSince,
  { headerBytes, payloadBytes }: BytesLeft,
): void {
  const shut = shutWindow(schedule, { at, bytes: headerBytes + payloadBytes, sent });
  if (shut !== undefined) throw new SyncError('not-now', shut, { nothingLeft: true });
}

/** Whatever was thrown, as one of ours. */
export function asSyncError(error: unknown): SyncError {
  if (error instanceof AttemptFailed) return error.cause;
  if (error instanceof SyncError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SyncError('failed', message, { cause: error });
}
