/**
 * The further questions of a pass, where the destination leases: for what is to go and has no lease yet, and in the end for what
 * is to be collected only under one. Most passes have none: what an offer names has its leases in the reply already.
 * @module
 */
import { createHash } from 'node:crypto';
import {
  isCollectedUnderLease,
  type LeaseAsk,
  type LeaseReply,
  type LeaseRequest,
  MAX_LEASES,
  PROTOCOL_VERSION,
} from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import type { QuotaBook } from '../../decision/quota-book.ts';
import { typePermission } from '../../demand/permission.ts';
import { isOpen } from '../../demand/stored-demand.ts';
import { keepUpstreamWords, type UpstreamWord, upstreamWords } from '../../lease/upstream-word.ts';
import { attempt, type BytesLeft } from '../attempt.ts';
import { type Deciding, decideEntry, samplesOf } from '../deciding.ts';
import type { PassOptions } from '../pass-options.ts';
import type { Progress } from '../progress.ts';
import type { HeldEntry } from '../site-store.ts';
import { heldTypes } from '../telling/changed-buckets.ts';
import type { LeasePurse, Sample } from './lease-purse.ts';

/** A lease to collect is renewed when less than this is left of it. */
const RENEW_BELOW_MS = 12 * 60 * 60 * 1000;

/** What leases are asked for by. */
export interface Leasing {
  readonly options: PassOptions;
  readonly originId: string;
  readonly deciding: Deciding;
  readonly book: QuotaBook;
  readonly purse: LeasePurse;
  readonly progress: Pick<Progress, 'add'>;
}

/** Completes the purse for these entries. What nobody wants any more is not tried for again. */
export async function leasesFor(leasing: Leasing, batch: readonly HeldEntry[]): Promise<void> {
  const { options, purse, book } = leasing;
  const now = options.now();
  const asks = [...countNeeded(leasing, batch).values()]
    .filter(({ sample }) => purse.left(sample, now) === 0 && purse.refusal(sample) === undefined)
    .map(({ sample, count }) => ({ ...sample, for: 'deliver' as const, count }));
  if (asks.length === 0) return;
  const reply = await ask(leasing, asks);
  purse.add(reply, now);
  for (const { demandId, bucketId, type, reason } of reply.refused)
    if (reason === 'not-wanted') book.exhaust([demandId], bucketId, [type]);
}

/**
 * Behind the uploads: gives back what was not needed, asks to collect what is taken only under a lease, and keeps what is said
 * about it for the desk that answers reporters. One message, and none where there is nothing to say.
 */
export async function settleLeases(leasing: Leasing): Promise<void> {
  const { options, purse } = leasing;
  const { store, to, now } = options;
  const said = await upstreamWords(store.settings, to, now());
  const wanted = await samplesToCollect(leasing, said);
  const fresh = (sample: Sample): UpstreamWord | undefined =>
    said.find((word) => isSame(word, sample) && (!word.may || word.until - now() > RENEW_BELOW_MS));
  const asks: readonly LeaseAsk[] = [
    ...purse.spare(() => 0),
    ...said.filter((word) => word.may && !wanted.some((one) => isSame(word, one))).map(givenBack),
    ...wanted
      .filter((sample) => !fresh(sample))
      .map((sample) => ({ ...sample, for: 'collect' as const, count: 1 })),
  ];
  if (asks.length === 0) return;
  const askedAt = now();
  const reply = await ask(leasing, asks);
  const kept = said.filter((word) => wanted.some((one) => isSame(word, one)) && fresh(word));
  await keepUpstreamWords(store.settings, to, reply, askedAt, kept);
}

async function ask({ options, originId, progress }: Leasing, asks: readonly LeaseAsk[]): Promise<LeaseReply> {
  return await askForLeases(options, originId, asks, (bytes) => progress.add(bytes));
}

/** How many samples of each would go if there were leases for all. */
function countNeeded(
  { options, deciding, book }: Leasing,
  batch: readonly HeldEntry[],
): ReadonlyMap<string, { readonly sample: Sample; readonly count: number }> {
  const plan = book.fork();
  const needed = new Map<string, { readonly sample: Sample; readonly count: number }>();
  for (const entry of batch) {
    const decided = decideEntry({ ...deciding, book: plan }, entry, options.now());
    if (decided.verdict !== 'upload') continue;
    for (const sample of samplesOf(decided, plan.quotasFor(decided.bucketId, decided.entryId))) {
      const count = (needed.get(keyOf(sample))?.count ?? 0) + 1;
      needed.set(keyOf(sample), { sample, count });
    }
    plan.take(decided.demands, decided.bucketId, decided.types);
  }
  return needed;
}

/** What is still wanted, may be had, takes a lease to be collected, and does not lie here yet. */
async function samplesToCollect(
  { options, deciding }: Leasing,
  said: readonly UpstreamWord[],
): Promise<readonly Sample[]> {
  const { store, policy, now } = options;
  const open = new Map(
    deciding.demands
      .filter((stored) => isOpen(stored, now()))
      .map((stored) => [stored.demand.terms.id, stored]),
  );
  const isHurting = [...open.values()].some(({ demand }) =>
    demand.terms.types.some(({ type }) => isCollectedUnderLease(type)),
  );
  const among = [...(isHurting ? await store.quotas.list() : []), ...said];
  const samples = new Map<string, Sample>();
  for (const { demandId, bucketId, type } of among) {
    const sample = { demandId, bucketId, type };
    const stored = open.get(demandId);
    if (!stored || !isCollectedUnderLease(type) || samples.has(keyOf(sample))) continue;
    const row = await store.queries.bucket(bucketId);
    if (!row || typePermission(stored, policy, { bucket: row.bucket, type }).may !== 'yes') continue;
    const quotas = await store.quotas.list(bucketId);
    if (quotas.some((quota) => quota.count < 1 && isSame(quota, sample))) continue;
    const held = await heldTypes(options, bucketId);
    if (!held.some((one) => one.type === type)) samples.set(keyOf(sample), sample);
  }
  return [...samples.values()];
}

/** Asks, with the ledger in front. */
export async function askForLeases(
  options: PassOptions,
  holder: string,
  asks: readonly LeaseAsk[],
  onBytes: (bytes: BytesLeft) => void,
): Promise<LeaseReply> {
  const { destination, to, signal } = options;
  const replies: LeaseReply[] = [];
  for (let from = 0; from < asks.length; from += MAX_LEASES) {
    const some = asks.slice(from, from + MAX_LEASES);
    const request: LeaseRequest = { protocol: PROTOCOL_VERSION, holder, asks: some };
    const body = encodeMessage(request, 'msgpack');
    const announced = {
      kind: 'lease',
      to,
      headerBytes: body.byteLength,
      payloadBytes: 0,
      demands: [...new Set(some.map(({ demandId }) => demandId))],
      buckets: [...new Set(some.map(({ bucketId }) => bucketId))],
      digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    } as const;
    const { reply, bytes } = await attempt(options, announced, {
      send: () => destination.lease(request, body, { signal }),
      words: () => ({ outcome: 'delivered', reason: 'answered' }),
    });
    onBytes(bytes);
    replies.push(reply);
  }
  return {
    given: replies.flatMap(({ given }) => given),
    refused: replies.flatMap(({ refused }) => refused),
  };
}

function givenBack({ demandId, bucketId, type, fence }: UpstreamWord): LeaseAsk {
  const shown = fence === undefined ? {} : { fence };
  return { demandId, bucketId, type, for: 'collect', count: 0, ...shown };
}

function isSame(a: Sample, b: Sample): boolean {
  return a.demandId === b.demandId && a.bucketId === b.bucketId && a.type === b.type;
}

function keyOf({ demandId, bucketId, type }: Sample): string {
  return `${demandId} ${bucketId} ${type}`;
}
