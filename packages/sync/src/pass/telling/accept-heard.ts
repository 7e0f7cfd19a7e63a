import type { Bucket } from '@fr/bucket';
import { matchesBucket, type OfferReply, type Quota, type SignedDemand } from '@fr/protocol';
import type { StoredDemand } from '../../demand/stored-demand.ts';
import { acceptDemands, type Believing, type RejectedDemand } from '../accept-demands.ts';

/** What of a reply to an offer is believed. */
export interface AcceptedReply {
  /** All that hold now; absent where the reply does not repeat them. */
  readonly demands: readonly SignedDemand[] | undefined;
  /** For each demand and type that may be asked of a bucket of the offer; 0 where it is not wanted any more. */
  readonly quotas: readonly Quota[];
  readonly rejected: readonly RejectedDemand[];
  readonly quotasLeftOut: number;
}

/** Keeps of a reply what may be believed: demands that are in order, quotas of those for the buckets of the offer. */
export function acceptHeard(
  input: Believing & {
    readonly reply: OfferReply;
    /** The buckets of the offer. */
    readonly offered: readonly { readonly bucketId: string; readonly bucket: Bucket }[];
  },
): AcceptedReply {
  const { reply, to } = input;
  const { demands, rejected } = acceptDemands(reply.demands ?? [], input);
  const open = reply.demands ? demands : openOf(input.known, to);
  const quotas = quotasOf(input, open);
  const counted = quotas.filter(({ count }) => count > 0).length;
  return {
    demands: reply.demands && open,
    quotas,
    rejected,
    quotasLeftOut: Math.max(0, reply.quotas.filter(({ count }) => count > 0).length - counted),
  };
}

/** The demands of a destination as last heard. */
export function openOf(known: readonly StoredDemand[], to: string): readonly SignedDemand[] {
  return known
    .filter(({ source, closedAt }) => source === to && closedAt === undefined)
    .map(({ demand }) => demand);
}

function quotasOf(
  { reply, offered }: Pick<Parameters<typeof acceptHeard>[0], 'reply' | 'offered'>,
  open: readonly SignedDemand[],
): readonly Quota[] {
  const listed = new Map(reply.quotas.map((quota) => [keyOf(quota), quota.count]));
  return offered.flatMap(({ bucketId, bucket }) =>
    open
      .filter(({ terms }) => matchesBucket(terms.pattern, bucket))
      .flatMap(({ terms }) =>
        terms.types
          .map(({ type }) => ({ demandId: terms.id, bucketId, type }))
          .flatMap((sample) => {
            const count = listed.get(keyOf(sample)) ?? (reply.partial ? undefined : 0);
            return count === undefined ? [] : [{ ...sample, count }];
          }),
      ),
  );
}

function keyOf({ demandId, bucketId, type }: Omit<Quota, 'count'>): string {
  return `${demandId} ${bucketId} ${type}`;
}
