/**
 * One question and its answer, the unit of everything a site and its destination say to each other: an offer goes out, a reply
 * comes down, and what it says is kept before its mark is. Both are plain values; which way they travel is the
 * destination's business.
 *
 *     mark written down ─▶ ledger ─▶ offer ─▶ reply ─▶ demands and quotas stored ─▶ numbers and mark kept
 *
 * A crash anywhere repeats an offer and never leaves one out; totals are absolute, a repeat does no harm.
 * @module
 */
import { createHash } from 'node:crypto';
import {
  NOTHING_TOLD,
  type Offer,
  type OfferReply,
  type Origin,
  offerColumns,
  PROTOCOL_VERSION,
} from '@fr/protocol';
import { compress, encodeMessage, type PackedBody } from '@fr/protocol/wire';
import { demandsTag } from '../../demand/demands-tag.ts';
import { type TrustedKey, trustVendorKey } from '../../trust/vendor-trust.ts';
import { attempt } from '../attempt.ts';
import { LeasePurse } from '../leasing/lease-purse.ts';
import type { PassOptions } from '../pass-options.ts';
import type { Progress } from '../progress.ts';
import { acceptHeard, openOf } from './accept-heard.ts';
import { type ChangedBucket, holdsText } from './changed-buckets.ts';
import { changedDemands, storeHeard } from './heard-demands.ts';
import {
  compareMarks,
  freshNonce,
  keepBucket,
  readTelling,
  type Standing,
  type Telling,
  trying,
  writeTelling,
} from './telling.ts';

/** What is said at once. */
export interface Saying {
  readonly buckets: readonly ChangedBucket[];
  /** How far it has been told once this is heard. */
  readonly cursor: number;
}

/** An offer as it is sent, and the telling to be written down before it is. */
export interface ComposedOffer {
  readonly offer: Offer;
  readonly telling: Telling;
}

/** Puts what is to be said into an offer. Pure but for its chance. */
export function composeOffer(
  telling: Telling,
  { buckets, cursor }: Saying,
  tag: string,
  nonce: number,
): ComposedOffer {
  const mark = { cursor, nonce };
  const full = buckets.filter(({ known }) => known === undefined);
  const last = telling.acknowledged.at(-1);
  const offer: Offer = {
    protocol: PROTOCOL_VERSION,
    origin: { id: telling.originId, epoch: telling.epoch },
    mark,
    after: [last?.nonce ?? NOTHING_TOLD, ...telling.tried.map((one) => one.nonce)],
    table: telling.table,
    buckets: full.map(({ bucket, hits, holds }, place) => ({
      bucket,
      hits,
      holds,
      number: telling.next + place,
    })),
    numbered: buckets.flatMap(({ known, hits, holds }) => {
      if (!known) return [];
      return [{ number: known.number, hits, ...(known.holds !== holdsText(holds) && { holds }) }];
    }),
    tag,
  };
  return { offer, telling: trying(telling, mark, full.length) };
}

/** An offer as bytes. */
export function printOffer(offer: Offer): PackedBody {
  return compress(encodeMessage(offerColumns(offer), 'msgpack'));
}

/** What a site says to its destination in one pass, and what it hears. */
export class Conversation {
  readonly #options: PassOptions;
  readonly #progress: Progress;
  #telling: Telling;
  /** What the replies say of leases; absent where the destination gives none. */
  purse: LeasePurse | undefined;

  private constructor(options: PassOptions, progress: Progress, telling: Telling) {
    this.#options = options;
    this.#progress = progress;
    this.#telling = telling;
  }

  static async open(options: PassOptions, progress: Progress, origin: Origin): Promise<Conversation> {
    return new Conversation(options, progress, await readTelling(options, origin));
  }

  get telling(): Telling {
    return this.#telling;
  }

  /** Says it, and keeps what is heard. */
  async say(saying: Saying): Promise<Standing> {
    const nonce = freshNonce(this.#options);
    const { offer, telling } = composeOffer(this.#telling, saying, await this.#tag(), nonce);
    await this.#keep(telling);
    const reply = await this.#send(offer, saying.buckets);
    const sent = offer.mark ?? { cursor: 0, nonce };
    const compared = compareMarks(telling, sent, reply.mark, freshNonce(this.#options));
    if (compared.standing === 'told' && reply.mark) await this.#keepNumbers(offer, saying.buckets);
    if (compared.standing !== 'foreign')
      await this.#keep({ ...compared.telling, asking: this.#telling.asking });
    return compared.standing;
  }

  /** Says what was counted under a closed epoch: totals alone. */
  async sayClosed(epoch: number, buckets: readonly ChangedBucket[]): Promise<void> {
    const origin = { id: this.#telling.originId, epoch };
    const told = buckets.map(({ bucket, hits }) => ({ bucket, hits, holds: [] }));
    const tag = await this.#tag();
    await this.#send({ protocol: PROTOCOL_VERSION, origin, buckets: told, tag }, buckets);
  }

  /** The buckets of these demands have been asked about. */
  async asked(): Promise<void> {
    if (this.#telling.asking.length > 0) await this.#keep({ ...this.#telling, asking: [] });
  }

  async #keep(telling: Telling): Promise<void> {
    await writeTelling(this.#options, telling);
    this.#telling = telling;
  }

  async #keepNumbers({ buckets }: Offer, told: readonly ChangedBucket[]): Promise<void> {
    const numbers = buckets.map(({ number = 0 }) => number);
    const fresh = told.filter(({ known }) => known === undefined);
    const again = told.filter(({ known, holds }) => known && known.holds !== holdsText(holds));
    await Promise.all(
      [...fresh, ...again].map(({ bucketId, holds, known }, place) => {
        const number = known?.number ?? numbers[place] ?? 0;
        return keepBucket(this.#options, this.#telling, bucketId, { number, holds: holdsText(holds) });
      }),
    );
  }

  async #tag(): Promise<string> {
    const { store, to } = this.#options;
    return demandsTag(openOf(await store.demands.list(), to));
  }

  async #send(offer: Offer, buckets: readonly ChangedBucket[]): Promise<OfferReply> {
    const askedAt = this.#options.now();
    const { reply, trusted } = await this.#exchange(offer, buckets);
    if (reply.leases) {
      this.purse ??= new LeasePurse();
      this.purse.add(reply.leases, askedAt);
    }
    // Of an offer that was not taken only what was told in full was understood: of the rest the reply says nothing.
    const isTaken = !reply.mark || reply.mark.nonce === offer.mark?.nonce;
    await this.#hear(reply, trusted, isTaken ? buckets : buckets.filter(({ known }) => known === undefined));
    return reply;
  }

  async #exchange(
    offer: Offer,
    buckets: readonly ChangedBucket[],
  ): Promise<{ readonly reply: OfferReply; readonly trusted: TrustedKey }> {
    const { destination, store, to, signal } = this.#options;
    const { bytes: body, encoding } = printOffer(offer);
    const announced = {
      kind: 'offer',
      to,
      headerBytes: body.byteLength,
      payloadBytes: 0,
      demands: [],
      buckets: buckets.map(({ bucketId }) => bucketId),
      digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    } as const;
    const { reply, bytes } = await attempt(this.#options, announced, {
      send: () => destination.offer(offer, body, { signal, encoding }),
      words: () => ({ outcome: 'delivered', reason: 'answered' }),
    });
    this.#progress.add({ offered: 1, buckets: buckets.length, ...bytes });
    return { reply, trusted: await trustVendorKey(store.settings, this.#options, reply) };
  }

  /** Demands whose buckets are to be asked about are written down before the demands are. */
  async #hear(reply: OfferReply, trusted: TrustedKey, offered: readonly ChangedBucket[]): Promise<void> {
    const { store, to, now } = this.#options;
    const known = await store.demands.list();
    const accepted = acceptHeard({ reply, trusted, to, known, now: now(), offered });
    this.#progress.heard(reply, accepted);
    const changed = accepted.demands ? changedDemands(known, to, accepted.demands) : [];
    const asking = [...new Set([...this.#telling.asking, ...changed])];
    if (changed.length > 0) await this.#keep({ ...this.#telling, asking });
    await storeHeard(this.#options, accepted, offered, changed);
  }
}
