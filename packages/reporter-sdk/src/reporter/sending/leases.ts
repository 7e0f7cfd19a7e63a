/**
 * What is heavy takes a lease of the site: for the parts that go now, and for what the host may collect at the next failure.
 * Asked for after the hit, in one message, and only where a believed demand wants something heavy that may be had. A lease
 * to collect is given back when it was of use, and when the host has said that it cannot: so others get their turn.
 * @module
 */
import {
  type EntryHeader,
  HEAVY_PART_BYTES,
  isCollectedUnderLease,
  type Lease,
  type LeaseAsk,
  type LeaseReply,
  PROTOCOL_VERSION,
  type SignedDemand,
} from '@fr/protocol';
import { type Allowance, mayCollect } from '../../allowance.ts';
import { type CachedLease, inForce } from '../../spool/demand-cache.ts';
import type { Spool } from '../../spool/spool.ts';
import type { Collection } from '../collection.ts';
import type { FailureReport } from '../failure-report.ts';
import type { ServerLink, Unavailable } from '../server-link.ts';
import { holderOf } from './holder.ts';

/** A collection as far as there are leases for it. */
export interface LeasedCollection {
  readonly kind: 'leased';
  readonly collection: Collection;
  /** For the parts that go now. */
  readonly toDeliver: readonly Lease[];
  /** For the next failure. */
  readonly toCollect: readonly CachedLease[];
  /** Others have the lease for what was hard to come by: it is kept until they have brought theirs, or have not. */
  readonly wait: boolean;
}

export interface LeasePorts {
  readonly spool: Spool;
  readonly link: Pick<ServerLink, 'askLeases'>;
  readonly now: () => number;
}

/** Asks for what a collection needs, and takes from it what there is no lease for. `held`: leases from before. */
export async function leaseCollection(
  { bucketId }: FailureReport,
  collection: Collection,
  wants: {
    readonly believed: readonly SignedDemand[];
    readonly allowance: Allowance;
    readonly held: readonly CachedLease[];
  },
  { link, spool, now }: LeasePorts,
): Promise<LeasedCollection | Unavailable> {
  const live = inForce(wants.held, now());
  const heavy = collection.parts.filter(({ bytes }) => bytes > HEAVY_PART_BYTES).map(({ type }) => type);
  const next = typesForNext(collection, wants);
  const asks = [
    ...asksFor(heavy, 'deliver', wants.believed, bucketId),
    ...asksFor(next, 'collect', wants.believed, bucketId, live),
    ...live.filter(({ type }) => !next.includes(type)).map((lease) => givenBack(lease, bucketId)),
  ];
  if (asks.length === 0) return { kind: 'leased', collection, toDeliver: [], toCollect: [], wait: false };
  const askedAt = now();
  const holder = holderOf(spool, askedAt);
  const answer = await link.askLeases({ protocol: PROTOCOL_VERSION, holder, asks });
  if (answer.kind === 'unavailable') return answer;
  // A site that knows nothing of leases takes what is heavy without, and nothing is collected that takes one.
  const reply = answer.kind === 'taken' ? answer.reply : undefined;
  const toDeliver = reply?.given.filter((lease) => lease.for === 'deliver') ?? [];
  const toCollect = (reply?.given ?? []).filter((lease) => lease.for === 'collect');
  const unleased = reply ? heavy.filter((type) => !toDeliver.some((lease) => lease.type === type)) : [];
  const wait = unleased.some(
    (type) => isCollectedUnderLease(type) && whyNot(type, reply) === 'leased-to-another',
  );
  const given = {
    toDeliver,
    toCollect: toCollect.map(({ demandId, type, fence, expiresInMs }) => ({
      ...{ demandId, type, fence, askedAt },
      until: askedAt + expiresInMs,
    })),
  };
  if (wait) return { kind: 'leased', collection, ...given, wait };
  const without = [...unleased, ...next.filter((type) => !toCollect.some((lease) => lease.type === type))];
  const whys = without.map((type) => ({ type, why: whyNot(type, reply) }));
  const left = withoutTypes(collection, wants.believed, unleased, whys);
  return { kind: 'leased', collection: left, ...given, wait };
}

function givenBack({ demandId, type, fence }: CachedLease, bucketId: string): LeaseAsk {
  return { demandId, bucketId, type, for: 'collect', count: 0, fence };
}

/**
 * What the next failure may bring, were there a lease: asked for, allowed, not in this collection, and nothing of which the
 * host has just said why it has none.
 */
function typesForNext(
  { parts, notSent }: Collection,
  { believed, allowance }: { readonly believed: readonly SignedDemand[]; readonly allowance: Allowance },
): readonly string[] {
  const wanted = new Set(believed.flatMap(({ terms }) => terms.types.map(({ type }) => type)));
  return [...wanted].filter(
    (type) =>
      isCollectedUnderLease(type) &&
      mayCollect(type, allowance) &&
      !parts.some((part) => part.type === type) &&
      !notSent.some((not) => not.type === type && not.why !== 'next-failure'),
  );
}

function asksFor(
  types: readonly string[],
  purpose: LeaseAsk['for'],
  believed: readonly SignedDemand[],
  bucketId: string,
  live: readonly CachedLease[] = [],
): readonly LeaseAsk[] {
  return types.flatMap((type) => {
    const demand = believed.find(({ terms }) => terms.types.some((wanted) => wanted.type === type));
    if (!demand) return [];
    const fence = live.find((lease) => lease.type === type)?.fence;
    const shown = fence === undefined ? {} : { fence };
    return [{ demandId: demand.terms.id, bucketId, type, for: purpose, count: 1, ...shown }];
  });
}

function whyNot(type: string, reply: LeaseReply | undefined): string {
  if (!reply) return 'no-lease';
  const refusal = reply.refused.find((refused) => refused.type === type);
  return refusal?.reason === 'not-wanted' ? 'not-wanted-any-more' : 'leased-to-another';
}

function withoutTypes(
  { parts, notSent }: Collection,
  believed: readonly SignedDemand[],
  unleased: readonly string[],
  without: Collection['notSent'],
): Collection {
  const left = parts.filter(({ type }) => !unleased.includes(type));
  const types = new Set(left.map(({ type }) => type));
  const renamed = new Set(without.map(({ type }) => type));
  return {
    parts: left,
    demands: believed
      .filter(({ terms }) => terms.types.some(({ type }) => types.has(type)))
      .map(({ terms }) => terms.id),
    notSent: [
      // Why the host has none this time, where it says, is the better reason.
      ...notSent.filter(({ type, why }) => !renamed.has(type) || why !== 'next-failure'),
      ...without.filter(({ type }) =>
        notSent.every((not) => not.type !== type || not.why === 'next-failure'),
      ),
    ],
  };
}

/**
 * Leases for an entry that was made before: nothing where it needs none; `later` where others have them; `not-wanted`
 * where nobody needs it any more, or the site has it already.
 */
export async function leaseAgain(
  bucketId: string,
  { demands, parts }: EntryHeader,
  { link, spool, now }: LeasePorts,
): Promise<readonly Lease[] | 'later' | 'not-wanted' | Unavailable> {
  const heavy = parts.filter(({ bytes }) => bytes > HEAVY_PART_BYTES).map(({ type }) => type);
  if (heavy.length === 0) return [];
  const asks = heavy.flatMap((type) =>
    demands.map((demandId): LeaseAsk => ({ demandId, bucketId, type, for: 'deliver', count: 1 })),
  );
  const answer = await link.askLeases({ protocol: PROTOCOL_VERSION, holder: holderOf(spool, now()), asks });
  if (answer.kind === 'unavailable') return answer;
  if (answer.kind === 'rejected') return [];
  const { given, refused } = answer.reply;
  if (heavy.every((type) => given.some((lease) => lease.type === type))) return given;
  return refused.some(({ reason }) => reason === 'leased-out') ? 'later' : 'not-wanted';
}
