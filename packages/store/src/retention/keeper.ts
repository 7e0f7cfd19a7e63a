/**
 * When retention looks: soon after arrivals at their buckets, and at everything from time to time or when the sum of
 * what arrived goes beyond the total. States: resting → (arrivals) due → looking → resting; stopped. One look at a time;
 * what arrives meanwhile is looked at next. It holds nothing that a crash could lose: the next start looks at everything.
 * @module
 */
import type { RetentionLimits } from '../contract/retention.ts';

/** How a driver looks. */
export interface KeeperSteps {
  /** At one bucket; gives the bytes that went. */
  readonly lookAtBucket: (bucketId: string) => Promise<number>;
  /** At everything; gives the bytes that stay. */
  readonly lookAtAll: () => Promise<number>;
  /** A look that failed; it is repeated with the next one. */
  readonly failed: (cause: unknown) => void;
}

/** Soon after the start, when whoever starts has started. */
const FIRST_LOOK_MS = 1_000;

/** Age is counted in days, so an hour more does no harm. */
const LOOK_EVERY_MS = 60 * 60 * 1_000;

export class Keeper {
  readonly #steps: KeeperSteps;
  readonly #totalBytes: number;
  readonly #due = new Set<string>();
  #allDue = false;
  /** What is held, as far as arrivals and looks tell; what was dropped otherwise makes it less. */
  #bytes = 0;
  #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(limits: RetentionLimits, steps: KeeperSteps) {
    this.#steps = steps;
    this.#totalBytes = limits.totalBytes ?? Number.POSITIVE_INFINITY;
    this.#timer = this.#lookLater(FIRST_LOOK_MS);
  }

  arrived(bucketId: string, bytes: number): void {
    this.#due.add(bucketId);
    this.#bytes += bytes;
    this.#look();
  }

  /** Finishes the look at one bucket and rests for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Whether a look under way should end early. */
  get stopped(): boolean {
    return this.#stopped;
  }

  #lookLater(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#allDue = true;
      this.#look();
      this.#timer = this.#lookLater(LOOK_EVERY_MS);
    }, ms);
    return timer.unref();
  }

  #look(): void {
    if (this.#stopped || this.#looking) return;
    this.#looking = this.#lookAtDue().finally(() => {
      this.#looking = undefined;
    });
  }

  async #lookAtDue(): Promise<void> {
    // Not yet: whoever has just stored an entry hears of it first.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#stopped && (this.#due.size > 0 || this.#allDue)) {
      try {
        await this.#lookOnce();
      } catch (cause) {
        this.#steps.failed(cause);
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const [bucketId] = this.#due;
    if (bucketId !== undefined) {
      this.#due.delete(bucketId);
      this.#bytes -= await this.#steps.lookAtBucket(bucketId);
      this.#allDue ||= this.#bytes > this.#totalBytes;
      return;
    }
    this.#allDue = false;
    this.#bytes = await this.#steps.lookAtAll();
  }
}
