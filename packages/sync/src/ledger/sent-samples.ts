import { BytesLately } from './bytes-lately.ts';
import type { LedgerRecord } from './record.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Which entries went out under which demand, kept in memory from the ledger's records: the site's own count, so that a
 * destination that goes on asking never gets more than the signed terms say. An attempt that failed for certain does
 * not count; one of unknown outcome does. Grows with the samples sent: of two types under one demand by 200 bytes each where
 * they are of one bucket, by 1.3 kB where each is of a bucket of its own.
 */
export class SentSamples {
  /** Entry ids by demand, type and bucket (or the demand as a whole). */
  readonly #entries = new Map<string, Set<string>>();
  /** Attempts whose outcome is still to come. */
  readonly #attempts = new Map<number, LedgerRecord>();
  /** Last attempt of each entry of whose arrival there was no word. */
  readonly #unsettled = new Map<string, LedgerRecord>();
  /** How often a destination refused an entry. */
  readonly #refusals = new Map<string, number>();

  readonly #lately = new BytesLately();

  /** Takes in the next record of the ledger. */
  note(record: LedgerRecord): void {
    this.#noteBytes(record);
    if (record.kind === 'entry') {
      this.#attempts.set(record.seq, record);
      for (const key of keysOf(record)) this.#of(key).add(record.entryId ?? '');
      this.#unsettled.set(record.entryId ?? '', record);
    }
    if (record.kind === 'outcome') this.#settle(record);
  }

  /** An outcome says how much of its attempt really left. */
  #noteBytes({ kind, seq, at, outcomeOf, headerBytes, payloadBytes }: LedgerRecord): void {
    if (kind === 'outcome') this.#lately.settle(outcomeOf ?? 0, headerBytes + payloadBytes);
    else this.#lately.note(seq, at, headerBytes + payloadBytes);
  }

  #settle(outcome: LedgerRecord): void {
    const attempt = this.#attempts.get(outcome.outcomeOf ?? 0);
    this.#attempts.delete(outcome.outcomeOf ?? 0);
    const entryId = attempt?.entryId;
    if (!attempt || entryId === undefined || outcome.outcome === 'unknown') return;
    this.#unsettled.delete(entryId);
    if (outcome.outcome !== 'failed') return;
    for (const key of keysOf(attempt)) this.#of(key).delete(entryId);
    if (outcome.reason?.startsWith('refused')) {
      this.#refusals.set(entryId, (this.#refusals.get(entryId) ?? 0) + 1);
    }
  }

  #of(key: string): Set<string> {
    const known = this.#entries.get(key) ?? new Set();
    this.#entries.set(key, known);
    return known;
  }

  /** Entries other than `except` that went out under a demand. `scope`: a bucket id, or empty for all buckets. */
  count(demandId: string, type: string, scope: string, except: string): number {
    const entries = this.#entries.get(sampleKey(demandId, type, scope));
    return entries ? entries.size - (entries.has(except) ? 1 : 0) : 0;
  }

  /** Entries of a bucket, other than `except`, that went out under whatever demand. */
  entriesOfBucket(bucketId: string, except: string): number {
    return this.count('', '', bucketId, except);
  }

  /** Bytes that left in the 24 hours before, headers and payload; what lies in the future of a clock set back counts. */
  bytesInDay(now: number): number {
    return this.bytesSince(now - DAY_MS + 1);
  }

  /** Bytes that left since then, which is not further back than a day. */
  bytesSince(since: number): number {
    return this.#lately.since(since);
  }

  /** The last attempt to send this entry, if there was no word of its arrival. */
  unsettled(entryId: string): LedgerRecord | undefined {
    return this.#unsettled.get(entryId);
  }

  /** How often a destination refused this entry for its own sake. */
  refusals(entryId: string): number {
    return this.#refusals.get(entryId) ?? 0;
  }
}

function sampleKey(demandId: string, type: string, scope: string): string {
  return `${demandId} ${type} ${scope}`;
}

function keysOf({ demands, types = [], buckets = [] }: LedgerRecord): readonly string[] {
  const underDemands = demands.flatMap((demandId) =>
    types.flatMap((type) => ['', ...buckets].map((scope) => sampleKey(demandId, type, scope))),
  );
  return [...underDemands, ...buckets.map((bucket) => sampleKey('', '', bucket))];
}
