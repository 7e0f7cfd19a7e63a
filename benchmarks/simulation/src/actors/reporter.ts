/**
 * A model of a host with its spool and of `fr-reporter`, after PROTOCOL.md: failures fold until they are sent and never
 * after; a hit is repeated to the letter until a reply settles it; one entry with what the reply asks for, of what was
 * declared, under one id however often it is sent; a lease for what is heavy; settled only after the receipt.
 *
 *     noted ──sent, no reply──▶ sent ──counted──▶ (nothing wanted) settled
 *                                          └────▶ entry made ──receipt or refusal──▶ settled
 *
 * @module
 */
import { type Bucket, bucketId } from '@fr/bucket';
import {
  decodeHitsReply,
  decodeLeaseReply,
  HEAVY_PART_BYTES,
  type Hit,
  type LeaseAsk,
  MAX_DEMAND_LIFE_MS,
  printFrame,
  type SignedDemand,
} from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { checkDemand } from '@fr/protocol/signature';
import { decodeMessage, encodeMessage } from '@fr/protocol/wire';
import { type Life, Machine } from '../world/machine.ts';
import { type Reply, request } from '../world/network.ts';
import { DECLARED, entryOf } from './catalog.ts';
import { type Site, type Surroundings, siteKey } from './site.ts';
import type { Receipt } from './vendor.ts';

interface MadeEntry {
  readonly entryId: string;
  readonly frame: Uint8Array;
  readonly asks: readonly LeaseAsk[];
}

/** A failure in the spool. */
interface Noted {
  hit: Hit;
  readonly at: number;
  sent: boolean;
  counted: boolean;
  entry: MadeEntry | undefined;
}

const FOLD_MS = 1_000;
const RETRY_MS = 60_000;

export class Reporter {
  readonly machine: Machine;
  readonly site: Site;
  /** Failures not yet settled: on the disk. */
  readonly spool: Set<Noted> = new Set();
  /** Occurrences that ever happened, by bucket. */
  readonly happened: Map<string, number> = new Map();
  readonly #around: Surroundings;
  #delivering: Life | undefined;

  constructor(name: string, site: Site, around: Surroundings) {
    this.site = site;
    this.#around = around;
    this.machine = new Machine(around.world, name);
    this.machine.onStart = () => this.#launch();
  }

  /** The host fails. What it writes is durable when this returns. */
  fail(bucket: Bucket): void {
    const { now, elapsed } = this.machine;
    const id = bucketId(bucket);
    this.happened.set(id, (this.happened.get(id) ?? 0) + 1);
    const late = this.#around.mutation.foldsLate === true;
    const last = [...this.spool].findLast((one) => bucketId(one.hit.bucket) === id);
    const folds = last && (late ? last.sent : !last.sent && elapsed() - last.at < FOLD_MS);
    if (folds) last.hit = { ...last.hit, count: last.hit.count + 1 };
    else {
      const reportId = uuidv7({ now, random: this.#around.world.random.bytes });
      const hit: Hit = { reportId, bucket, count: 1, outcome: 'fatal', at: now() };
      this.spool.add({ hit, at: elapsed(), sent: false, counted: false, entry: undefined });
    }
    void this.#launch();
  }

  /** One delivery at a time; it goes on until the spool is empty. */
  async #launch(): Promise<void> {
    const { life } = this.machine;
    if (!life.alive || this.#delivering === life) return;
    this.#delivering = life;
    while (this.spool.size > 0) {
      const done = await this.#round(life);
      if (!done) await this.#around.world.scheduler.sleep(RETRY_MS);
      if (!life.alive) return;
    }
    this.#delivering = undefined;
  }

  /** Sends what waits; whether all of it is settled. */
  async #round(life: Life): Promise<boolean> {
    const waiting = [...this.spool].filter(({ counted }) => !counted);
    if (waiting.length > 0) {
      await this.machine.act(life, 'spool.sent', () => {
        for (const one of waiting) one.sent = true;
      });
      const body = encodeMessage({ protocol: 1, hits: waiting.map(({ hit }) => hit) }, 'msgpack');
      const settled = this.#around.mutation.settlesEarly === true;
      if (settled) for (const one of waiting) this.spool.delete(one);
      const reply = await this.#ask(() => this.site.hits(body));
      if (!life.alive || !('value' in reply)) return false;
      await this.machine.act(life, 'spool.counted', () => this.#counted(waiting, reply.value));
    }
    for (const one of [...this.spool].filter(({ entry }) => entry !== undefined)) {
      const done = one.entry && (await this.#deliver(one.entry));
      if (!life.alive) return false;
      if (done) await this.machine.act(life, 'spool.settle', () => this.spool.delete(one));
    }
    return this.spool.size === 0;
  }

  #ask<T>(arrive: () => Promise<T>): Promise<Reply<T>> {
    const link = { from: this.machine.name, to: this.site.machine };
    return request(this.#around.world, link, () => undefined, arrive);
  }

  async #counted(waiting: readonly Noted[], body: Uint8Array | undefined): Promise<void> {
    const reply = body && decodeHitsReply(decodeMessage(body, 'msgpack'));
    const asked = (reply?.demands ?? []).filter((demand) => this.#believes(demand, reply?.key ?? ''));
    const served = new Set<string>();
    for (const one of waiting) {
      one.counted = true;
      const id = bucketId(one.hit.bucket);
      const here = asked.filter(({ terms }) => terms.pattern.bucketId === id);
      const types = DECLARED.filter((type) =>
        here.some(({ terms }) => terms.types.some((wanted) => wanted.type === type)),
      );
      if (types.length === 0 || served.has(id)) this.spool.delete(one);
      else one.entry = await this.#make(one.hit, here, types);
      served.add(id);
    }
  }

  #believes(demand: SignedDemand, publicKey: string): boolean {
    const trust = { pinned: siteKey.keyId, publicKey, maxLifeMs: MAX_DEMAND_LIFE_MS };
    const refusal = checkDemand(demand, { ...trust, now: this.machine.now() });
    // Clocks are apart, and some demands are short: such a one may be over here before it is there.
    if (refusal && refusal !== 'expired')
      this.#around.world.fail(`${this.machine.name}: a demand of its own site is ${refusal}`);
    return refusal === undefined;
  }

  async #make(
    { reportId, bucket, at }: Hit,
    demands: readonly SignedDemand[],
    types: readonly string[],
  ): Promise<MadeEntry> {
    const { now } = this.machine;
    const entryId = uuidv7({ now, random: this.#around.world.random.bytes });
    const ids = demands.map(({ terms }) => terms.id);
    const { header, parts } = entryOf({ entryId, reportId, bucket, at, demands: ids }, types);
    const asks = header.parts
      .filter(({ bytes }) => bytes > HEAVY_PART_BYTES)
      .flatMap(({ type }) => {
        const by = demands.find(({ terms }) => terms.types.some((wanted) => wanted.type === type));
        const what = { bucketId: bucketId(bucket), type, for: 'deliver', count: 1 } as const;
        return by ? [{ demandId: by.terms.id, ...what }] : [];
      });
    return { entryId, frame: await printFrame(header, parts), asks };
  }

  /** True when it need not be sent again. */
  async #deliver({ entryId, frame, asks }: MadeEntry): Promise<boolean> {
    const caller = this.machine.name;
    let fences: readonly number[] = [];
    if (asks.length > 0) {
      const body = encodeMessage({ protocol: 1, holder: entryId, asks }, 'msgpack');
      const reply = await this.#ask(() => this.site.leases(body, caller));
      if (!('value' in reply)) return false;
      const { given, refused } = decodeLeaseReply(decodeMessage(reply.value, 'msgpack'));
      if (refused.some(({ reason }) => reason === 'not-wanted')) return true;
      if (refused.length > 0) return false;
      fences = given.map(({ fence }) => fence);
    }
    const reply = await this.#ask<Receipt>(() => this.site.entry(entryId, frame, fences, caller));
    return 'value' in reply && !reply.value.code.startsWith('lease-');
  }
}
