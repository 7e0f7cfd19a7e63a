import type { OfferReply } from '@fr/protocol';
import { AttemptFailed, asSyncError } from './attempt.ts';
import type { DemandsHeard, EntryDecision, PassSummary } from './pass-summary.ts';
import type { AcceptedReply } from './telling/accept-heard.ts';

/** Figures of a summary that grow while a pass runs. */
const FIGURES = ['entries', 'offered', 'buckets', 'uploaded', 'headerBytes', 'payloadBytes'] as const;
/** Decisions about entries that stay are kept in a summary up to so many. */
const MAX_DECISIONS = 1_000;
type Figures = Record<(typeof FIGURES)[number], number>;

/** A pass's summary in the making. */
export class Progress {
  readonly #startedAt: number;
  readonly #figures: Figures = {
    entries: 0,
    offered: 0,
    buckets: 0,
    uploaded: 0,
    headerBytes: 0,
    payloadBytes: 0,
  };
  readonly #decisions: EntryDecision[] = [];
  readonly #verdicts: Partial<Record<EntryDecision['verdict'], number>> = {};
  readonly #onDecision: ((decision: EntryDecision) => void) | undefined;
  #demands: DemandsHeard = { received: 0, accepted: 0, rejected: [], quotas: 0, quotasLeftOut: 0 };
  #ending: Pick<PassSummary, 'newEpoch' | 'failure'> = {};

  constructor(startedAt: number, onDecision?: (decision: EntryDecision) => void) {
    this.#startedAt = startedAt;
    this.#onDecision = onDecision;
  }

  get hasFailed(): boolean {
    return this.#ending.failure !== undefined;
  }

  add(more: Partial<Figures>): void {
    for (const figure of FIGURES) this.#figures[figure] += more[figure] ?? 0;
  }

  /** After a reply. */
  heard(reply: OfferReply, { demands, quotas, rejected, quotasLeftOut }: AcceptedReply): void {
    const before = this.#demands;
    this.#demands = {
      received: reply.demands?.length ?? before.received,
      accepted: demands?.length ?? before.accepted,
      rejected: reply.demands ? rejected : before.rejected,
      quotas: before.quotas + quotas.filter(({ count }) => count > 0).length,
      quotasLeftOut: before.quotasLeftOut + quotasLeftOut,
    };
  }

  decided(decision: EntryDecision): void {
    this.#verdicts[decision.verdict] = (this.#verdicts[decision.verdict] ?? 0) + 1;
    if (decision.result !== undefined || this.#decisions.length < MAX_DECISIONS)
      this.#decisions.push(decision);
    this.#onDecision?.(decision);
  }

  newEpoch(newEpoch: number): void {
    this.#ending = { ...this.#ending, newEpoch };
  }

  /** Whatever ended the pass early; the first word stands. */
  fail(error: unknown): void {
    if (error instanceof AttemptFailed) this.add(error.bytes);
    const { code, message } = asSyncError(error);
    this.#ending = { failure: { code, message }, ...this.#ending };
  }

  summary(): PassSummary {
    return {
      startedAt: this.#startedAt,
      ...this.#figures,
      demands: this.#demands,
      decisions: this.#decisions,
      verdicts: this.#verdicts,
      ...this.#ending,
    };
  }
}
