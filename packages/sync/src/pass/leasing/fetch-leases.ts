/**
 * The second question of a pass, where the destination leases: for what is to go and has no lease yet, for what is to be
 * collected only under one, and what is not needed back. One message for all of it, and none where there is nothing to
 * say: what an offer names has its leases in the reply already.
 * @module
 */
import { createHash } from 'node:crypto';
import { bucketId as bucketIdOf } from '@fr/bucket';
import {
  isCollectedUnderLease,
  type LeaseAsk,
  type LeaseReply,
  type LeaseRequest,
  MAX_LEASES,
  PROTOCOL_VERSION,
} from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import { QuotaBook } from '../../decision/quota-book.ts';
import { typePermission } from '../../demand/permission.ts';
import { isOpen, type StoredDemand } from '../../demand/stored-demand.ts';
import { keepUpstreamWords, type UpstreamWord, upstreamWords } from '../../lease/upstream-word.ts';
import type { AcceptedReply } from '../accept-reply.ts';
import { attempt, type BytesLeft } from '../attempt.ts';
import { decideEntry, samplesOf } from '../deciding.ts';
import type { PassOptions } from '../pass-options.ts';
import type { HeldEntry } from '../site-store.ts';
import type { LeasePurse, Sample } from './lease-purse.ts';

/** A lease to collect is renewed when less than this is left of it. */
const RENEW_BELOW_MS = 12 * 60 * 60 * 1000;

/** What leases are asked for by. */
export interface LeasingInput {
  readonly options: PassOptions;
  readonly originId: string;
  readonly pending: readonly HeldEntry[];
  readonly accepted: Pick<AcceptedReply, 'demands' | 'quotas'>;
  readonly purse: LeasePurse;
  readonly onBytes: (bytes: BytesLeft) => void;
}

/** Completes the purse, and keeps what is said about collecting for the desk that answers reporters. */
export async function fetchLeases(input: LeasingInput): Promise<void> {
  const { options, purse, accepted } = input;
  const { store, to, now } = options;
  const demands = (await store.demands.list()).filter(({ source }) => source === to);
  const needed = countNeeded(input, demands);
  const said = await upstreamWords(store.settings, to, now());
  const wanted = await samplesToCollect(input, demands);
  const fresh = (sample: Sample): UpstreamWord | undefined =>
    said.find((word) => isSame(word, sample) && (!word.may || word.until - now() > RENEW_BELOW_MS));
  const collecting = wanted.filter((sample) => !fresh(sample));
  const asks: readonly LeaseAsk[] = [
    ...purse.spare((sample) => needed.get(keyOf(sample))?.count ?? 0),
    ...said.filter((word) => word.may && !wanted.some((one) => isSame(word, one))).map(givenBack),
    ...[...needed.values()]
      .filter(({ sample }) => purse.left(sample, now()) === 0 && purse.refusal(sample) === undefined)
      .map(({ sample, count }) => ({ ...sample, for: 'deliver' as const, count })),
    ...collecting.map((sample) => ({ ...sample, for: 'collect' as const, count: 1 })),
  ];
  if (asks.length === 0 || accepted.demands.length === 0) return;
  const askedAt = now();
  const reply = await askForLeases(options, input.originId, asks, input.onBytes);
  purse.add(reply, askedAt);
  const kept = said.filter((word) => wanted.some((one) => isSame(word, one)) && fresh(word));
  await keepUpstreamWords(store.settings, to, reply, askedAt, kept);
}

/** How many samples of each would go if there were leases for all. */
function countNeeded(
  { options, pending, accepted }: LeasingInput,
  demands: readonly StoredDemand[],
): ReadonlyMap<string, { readonly sample: Sample; readonly count: number }> {
  const { ledger, now } = options;
  const book = new QuotaBook(demands, accepted.quotas, (...sample) => ledger.sent.count(...sample));
  const needed = new Map<string, { readonly sample: Sample; readonly count: number }>();
  for (const entry of pending) {
    const decided = decideEntry({ ...options, demands, book }, entry, now());
    if (decided.verdict !== 'upload') continue;
    for (const sample of samplesOf(decided, book.quotasFor(decided.bucketId, decided.entryId))) {
      const count = (needed.get(keyOf(sample))?.count ?? 0) + 1;
      needed.set(keyOf(sample), { sample, count });
    }
    book.take(decided.demands, decided.bucketId, decided.types);
  }
  return needed;
}

/** What is wanted, may be had, takes a lease to be collected, and does not lie here yet. */
async function samplesToCollect(
  { options, pending, accepted }: LeasingInput,
  demands: readonly StoredDemand[],
): Promise<readonly Sample[]> {
  const { store, policy, now } = options;
  const open = new Map(
    demands.filter((stored) => isOpen(stored, now())).map((stored) => [stored.demand.terms.id, stored]),
  );
  const held = new Set(
    pending.flatMap(({ header }) => header.parts.map(({ type }) => `${bucketIdOf(header.bucket)} ${type}`)),
  );
  const samples: Sample[] = [];
  for (const { demandId, bucketId, type, count } of accepted.quotas) {
    const stored = open.get(demandId);
    if (!stored || count < 1 || !isCollectedUnderLease(type)) continue;
    const row = await store.queries.bucket(bucketId);
    if (!row || typePermission(stored, policy, { bucket: row.bucket, type }).may !== 'yes') continue;
    if (!held.has(`${bucketId} ${type}`)) samples.push({ demandId, bucketId, type });
  }
  return samples;
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
