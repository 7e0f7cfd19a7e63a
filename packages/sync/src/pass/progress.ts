import { AttemptFailed, asSyncError } from './attempt.ts';
import type { DemandsHeard, EntryDecision, PassSummary } from './pass-summary.ts';

/** Figures of a summary that grow while a pass runs. */
const FIGURES = ['entries', 'offered', 'buckets', 'uploaded', 'headerBytes', 'payloadBytes'] as const;
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
  #demands: DemandsHeard = { received: 0, accepted: 0, rejected: [], quotas: 0, quotasLeftOut: 0 };
  #ending: Pick<PassSummary, 'newEpoch' | 'failure'> = {};

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  add(more: Partial<Figures>): void {
    for (const figure of FIGURES) this.#figures[figure] += more[figure] ?? 0;
  }

  heard(demands: DemandsHeard): void {
    this.#demands = demands;
  }

  decided(decision: EntryDecision): void {
    this.#decisions.push(decision);
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
      ...this.#ending,
    };
  }
}
