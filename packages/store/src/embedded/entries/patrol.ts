/**
 * Looks at every bucket's folder once, behind the start and beside everything else: what happened to the files while
 * nobody served the folder is found, and put right as after a crash. States: resting → looking → resting; stopped. It
 * takes at most a fifth of the thread, and holds nothing a crash could lose.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine.ts';
import { messageOf } from '../files/disk.ts';
import { allBuckets, reconcileBucket, reportingLost } from './reconcile.ts';

/** Soon after the start, when whoever starts has started. */
const FIRST_MS = 1_000;

/** Milliseconds at a time, and the part of the time it does nothing. */
const SLICE_MS = 5;
const REST = 4;

export class Patrol {
  readonly #engine: Engine;
  readonly #stop = new AbortController();
  readonly #looking: Promise<void>;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#looking = this.#look();
  }

  /** Ends after the bucket that is looked at. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#rest(FIRST_MS);
      await reportingLost(this.#engine, () => this.#lookAtAll());
    } catch (cause) {
      if (this.#stop.signal.aborted || this.#engine.condition.closed) return;
      this.#engine.notice(`not all entries could be looked at: ${messageOf(cause)}`);
    }
  }

  async #lookAtAll(): Promise<void> {
    let began = performance.now();
    for await (const bucket of allBuckets(this.#engine)) {
      if (this.#stop.signal.aborted) return;
      await reconcileBucket(this.#engine, { rebuilding: false, live: true }, bucket);
      const took = performance.now() - began;
      if (took < SLICE_MS) continue;
      await this.#rest(REST * took);
      began = performance.now();
    }
  }

  /** Keeps no process that has nothing else to do. */
  async #rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.#stop.signal });
  }
}
