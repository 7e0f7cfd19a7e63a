/**
 * Where hits wait in the calling thread. At once when the writer has nothing of ours; whatever is called meanwhile
 * forms the next parcel. States of a call: waiting → on its way → settled. Calls wait up to a limit and then are
 * refused as `busy`, so that a slow disk shows before memory grows.
 * @module
 */
import type { Hit, HitResult } from '@fr/protocol';
import { StoreError } from '../../../contract/store-error.ts';
import type { BucketNames } from '../../named-bucket.ts';
import { COUNTED, DUPLICATE, type HitParcel, REFUSED_MALFORMED } from './hit-parcel.ts';
import { type HitCall, Packer } from './packer.ts';

/** What may wait and be on its way: calls, and hits in them. */
const MAX_CALLS = 4_096;
const MAX_HITS = 262_144;

/**
 * After a parcel of many hits the next one waits so long for as many again: whoever was just answered is about to come
 * back, and a commit costs the same for one hit and for sixty. Below `CROWD` there is no crowd to wait for.
 */
const COMPANY_MS = 1;
const CROWD = 16;

/** A parcel is closed at so many hits; one call is never divided. */
const PARCEL_HITS = 4_096;

interface WaitingCall extends HitCall {
  readonly resolve: (results: readonly HitResult[]) => void;
  readonly reject: (cause: unknown) => void;
}

/** Hands a parcel to the writer; resolves with a byte for each hit when the parcel is durable. */
export type SendParcel = (parcel: HitParcel) => Promise<Uint8Array>;

export class HitQueue {
  readonly #send: SendParcel;
  readonly #packer: Packer;
  #waiting: WaitingCall[] = [];
  #calls = 0;
  #hits = 0;
  /** Hits in the parcel before. */
  #before = 0;
  #sending: Promise<void> | undefined;

  constructor(send: SendParcel, names: BucketNames) {
    this.#send = send;
    this.#packer = new Packer(names);
  }

  record(hits: readonly Hit[], receivedAt: number): Promise<readonly HitResult[]> {
    if (this.#calls >= MAX_CALLS || (this.#calls > 0 && this.#hits + hits.length > MAX_HITS))
      throw new StoreError('busy', `${this.#hits} hits wait for the disk; try again later`);
    this.#calls += 1;
    this.#hits += hits.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ hits, receivedAt, resolve, reject });
      // Not yet: what else arrives in this turn of the event loop shares the commit.
      this.#sending ??= new Promise((done) => setImmediate(() => done(this.#sendAll())));
    });
  }

  /** Waits until nothing waits. */
  async rest(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#before >= CROWD && this.#hits < this.#before) await company();
      const calls = this.#nextCalls();
      this.#before = calls.reduce((sum, { hits }) => sum + hits.length, 0);
      try {
        settleCalls(calls, await this.#send(this.#packer.pack(calls)));
      } catch (cause) {
        this.#packer.startAnew();
        for (const { reject } of calls) reject(cause);
      }
      this.#calls -= calls.length;
      for (const { hits } of calls) this.#hits -= hits.length;
    }
    this.#sending = undefined;
  }

  #nextCalls(): readonly WaitingCall[] {
    let [calls, hits] = [0, 0];
    while (calls < this.#waiting.length && hits < PARCEL_HITS)
      hits += this.#waiting[calls++]?.hits.length ?? 0;
    const next = this.#waiting.slice(0, calls);
    this.#waiting = this.#waiting.slice(calls);
    return next;
  }
}

function company(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, COMPANY_MS));
}

function settleCalls(calls: readonly WaitingCall[], given: Uint8Array): void {
  let at = 0;
  for (const { hits, resolve } of calls) {
    const from = at;
    at += hits.length;
    resolve(hits.map(({ reportId }, place) => resultOf(reportId, given[from + place])));
  }
}

function resultOf(reportId: string, given: number | undefined): HitResult {
  if (given === COUNTED) return { reportId, result: 'counted' };
  if (given === DUPLICATE) return { reportId, result: 'duplicate' };
  return { reportId, result: 'refused', reason: given === REFUSED_MALFORMED ? 'malformed' : 'overflow' };
}
