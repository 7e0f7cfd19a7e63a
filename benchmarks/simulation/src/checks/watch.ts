/**
 * Who watches: sees every byte on the wire between sites and vendor, every hit that a server counts, every entry that the
 * vendor stores, as they happen, and says what should not have been. Knows nothing of how the code works.
 * @module
 */
import { createHash } from 'node:crypto';
import { bucketId } from '@fr/bucket';
import { type EntryHeader, type Hit, matchesBucket } from '@fr/protocol';
import type { BucketTotal } from '@fr/store';
import type { LedgerRecord } from '@fr/sync';
import { canary, DECLARED, LISTED, UNLISTED } from '../actors/catalog.ts';
import type { World } from '../world/world.ts';
import { type Heard, isWanted } from './heard.ts';

/** What left under one record of a ledger. */
interface Attempt {
  readonly site: string;
  readonly record: LedgerRecord;
  wire: number;
  left: boolean;
  outcome: LedgerRecord | undefined;
}

export class Watch {
  readonly #world: World;
  readonly #attempts = new Map<LedgerRecord, Attempt>();
  /** Occurrences that servers have counted, by bucket. */
  readonly counted: Map<string, number> = new Map();
  /** … of these, what a restored disk took away, or what two copies of a disk counted under one epoch. */
  readonly voided: Map<string, number> = new Map();
  wireBytes = 0;
  payloadBytes = 0;

  constructor(world: World) {
    this.#world = world;
  }

  countedAt(hits: readonly Hit[], results: readonly { readonly result: string }[], shared: boolean): void {
    for (const [place, hit] of hits.entries()) {
      if (results[place]?.result !== 'counted') continue;
      add(this.counted, bucketId(hit.bucket), hit.count);
      if (shared) add(this.voided, bucketId(hit.bucket), hit.count);
    }
  }

  /** A record is on a site's disk. */
  record(site: string, record: LedgerRecord, all: readonly LedgerRecord[]): void {
    if (record.kind !== 'outcome') {
      this.#attempts.set(record, { site, record, wire: 0, left: false, outcome: undefined });
      return;
    }
    const about = all[(record.outcomeOf ?? 0) - 1];
    const attempt = about && this.#attempts.get(about);
    if (attempt) attempt.outcome = record;
    else this.#world.fail(`${site}: an outcome in the ledger belongs to nothing`);
  }

  /** A message other than an entry leaves a site. */
  message(site: string, records: readonly LedgerRecord[], body: Uint8Array, plain: Uint8Array): void {
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    this.#left(site, records, (record) => record.digest === digest, body.byteLength);
    this.#scan(site, plain);
    for (const type of DECLARED.filter((type) => viewOf(plain).includes(canary(type))))
      this.#world.fail(`${site}: ${type} leaves in a message`);
  }

  /** An entry, or the beginning of one, leaves a site. */
  entry(
    site: string,
    records: readonly LedgerRecord[],
    { entryId, bucket }: EntryHeader,
    bytes: Buffer,
    whole: { readonly heard: Heard; readonly permitted: (type: string) => boolean },
  ): void {
    this.#left(
      site,
      records,
      (record) => record.kind === 'entry' && record.entryId === entryId,
      bytes.byteLength,
    );
    this.#scan(site, bytes);
    for (const type of DECLARED.filter((type) => bytes.includes(canary(type)))) {
      this.payloadBytes += bytes.byteLength;
      const key = `${entryId} ${type}`;
      if (!isWanted(whole.heard, bucket, type) && !isRepeat(records, entryId, type))
        this.#world.fail(`${site}: sends ${type} of ${entryId}, which nobody asked for`);
      if (!whole.permitted(type)) this.#world.fail(`${site}: sends ${type}, which its policy keeps`);
      whole.heard.gone.set(key, { bucket, type });
      this.#checkSent(site, whole.heard, bucket, type);
    }
  }

  /** A site never hands out more samples than the signed demands it has heard of ask for, whatever quotas say. */
  #checkSent(site: string, { gone, demands }: Heard, bucket: EntryHeader['bucket'], type: string): void {
    const id = bucketId(bucket);
    const sent = [...gone.values()].filter((one) => one.type === type && bucketId(one.bucket) === id).length;
    const asked = [...demands.values()]
      .filter(({ terms }) => matchesBucket(terms.pattern, bucket))
      .reduce((sum, { terms }) => sum + (terms.types.find((one) => one.type === type)?.count ?? 0), 0);
    if (sent > asked)
      this.#world.fail(`${site}: ${sent} samples of ${type} have left, ${asked} were asked for`);
  }

  #left(
    site: string,
    records: readonly LedgerRecord[],
    fits: (record: LedgerRecord) => boolean,
    bytes: number,
  ): void {
    this.wireBytes += bytes;
    const record = records.findLast((one) => fits(one) && this.#attempts.get(one)?.left === false);
    const attempt = record && this.#attempts.get(record);
    if (!attempt) {
      this.#world.fail(`${site}: ${bytes} bytes leave without a record in the ledger`);
      return;
    }
    attempt.left = true;
    attempt.wire = bytes;
  }

  #scan(site: string, bytes: Uint8Array): void {
    if (viewOf(bytes).includes(UNLISTED)) this.#world.fail(`${site}: the name of an unlisted program leaves`);
  }

  /** Every byte is in a ledger, and every byte that a ledger is sure of was on the wire. */
  checkLedgers(): void {
    for (const { site, record, wire, outcome } of this.#attempts.values()) {
      const announced = record.headerBytes + record.payloadBytes;
      const said = outcome ? outcome.headerBytes + outcome.payloadBytes : announced;
      if (outcome ? said !== wire : wire > said)
        this.#world.fail(
          `${site}: the ledger says ${said} bytes (${record.kind} ${record.seq}, ${outcome?.outcome ?? 'no outcome'}, ${outcome?.reason}), the wire had ${wire}`,
        );
    }
  }

  /** What a vendor merges. */
  offered(site: string, totals: readonly BucketTotal[]): void {
    for (const { bucket } of totals)
      if (!LISTED.includes(bucket.program)) this.#world.fail(`${site}: ${bucket.program} reaches the vendor`);
  }
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What was announced before without word of its arrival is announced again: it was asked for then. */
function isRepeat(records: readonly LedgerRecord[], entryId: string, type: string): boolean {
  const announced = records.filter((one) => one.kind === 'entry' && one.entryId === entryId);
  return announced.filter(({ types }) => types?.includes(type)).length > 1;
}

export function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
