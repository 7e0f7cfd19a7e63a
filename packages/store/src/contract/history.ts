/** Whose history, how finely, and when. */
export interface HistoryFilter {
  /** One of the two. */
  readonly bucketId?: string;
  readonly problemId?: string;
  /**
   * Width of a point. Minutes are there for the last two hours, hours for fourteen days, days for 400; what is older
   * has gone into the wider step and is missing from the narrower one.
   */
  readonly step: HistoryStep;
  /** Milliseconds since 1970; points that begin before `from` or not before `to` are left out. */
  readonly from: number;
  readonly to: number;
}

export type HistoryStep = 'minute' | 'hour' | 'day';

/** Hits received in one step. Steps without hits have no point. */
export interface HistoryPoint {
  /** When the step began, milliseconds since 1970, by UTC. */
  readonly start: number;
  readonly hits: number;
}

/** Milliseconds of a step. */
export const STEP_MS: Readonly<Record<HistoryStep, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
