const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

interface Attempt {
  readonly at: number;
  readonly bytes: number;
}

/** Attempts that began in one minute, by their number. */
interface Minute {
  bytes: number;
  readonly attempts: Map<number, Attempt>;
}

/**
 * What left in the last day, asked before everything that leaves: summed by the minute, so that the hundred-thousandth
 * attempt of a day is not a look at all those before it.
 */
export class BytesLately {
  readonly #minutes = new Map<number, Minute>();
  /** In which minute an attempt began. */
  readonly #began = new Map<number, number>();

  note(attempt: number, at: number, bytes: number): void {
    const minute = Math.floor(at / MINUTE_MS);
    const known = this.#minutes.get(minute) ?? { bytes: 0, attempts: new Map() };
    this.#minutes.set(minute, known);
    known.bytes += bytes - (known.attempts.get(attempt)?.bytes ?? 0);
    known.attempts.set(attempt, { at, bytes });
    this.#began.set(attempt, minute);
    this.#forget(at - DAY_MS);
  }

  /** So much of an attempt really left. One that is not of the last day is no matter. */
  settle(attempt: number, bytes: number): void {
    const known = this.#minutes.get(this.#began.get(attempt) ?? Number.NaN);
    const announced = known?.attempts.get(attempt);
    if (!known || !announced) return;
    known.bytes += bytes - announced.bytes;
    known.attempts.set(attempt, { at: announced.at, bytes });
  }

  /** Bytes of attempts that began then or later, which is not further back than a day. */
  since(since: number): number {
    let sum = 0;
    for (const [minute, { bytes, attempts }] of this.#minutes) {
      const begin = minute * MINUTE_MS;
      if (begin >= since) sum += bytes;
      else if (begin + MINUTE_MS > since)
        for (const attempt of attempts.values()) if (attempt.at >= since) sum += attempt.bytes;
    }
    return sum;
  }

  /** The oldest first; behind a clock that was set back they wait until it is their turn. */
  #forget(before: number): void {
    for (const [minute, { attempts }] of this.#minutes) {
      if ((minute + 1) * MINUTE_MS > before) break;
      for (const attempt of attempts.keys()) this.#began.delete(attempt);
      this.#minutes.delete(minute);
    }
  }
}
