import type { Quota, SignedDemand } from '@fr/protocol';
import { acceptDemands, type Believing, type RejectedDemand } from './accept-demands.ts';

/** What of a reply is believed. */
export interface AcceptedWhole {
  readonly demands: readonly SignedDemand[];
  readonly quotas: readonly Quota[];
  readonly rejected: readonly RejectedDemand[];
  readonly quotasLeftOut: number;
}

/** Keeps of a reply that is complete for all buckets of an origin what may be believed. */
export async function acceptReply(
  input: Believing & {
    readonly reply: {
      readonly demands: readonly SignedDemand[];
      readonly quotas: readonly Quota[];
    };
    /** Whether a bucket has been, or may be, offered to this destination. */
    readonly isOffered: (bucketId: string) => Promise<boolean>;
  },
): Promise<AcceptedWhole> {
  const { reply, isOffered } = input;
  const { demands, rejected } = acceptDemands(reply.demands, input);
  const accepted = new Set(demands.map(({ terms }) => terms.id));
  const offered = new Map<string, boolean>();
  const quotas: Quota[] = [];
  for (const quota of reply.quotas) {
    if (!accepted.has(quota.demandId)) continue;
    const mayBe = offered.get(quota.bucketId) ?? (await isOffered(quota.bucketId));
    offered.set(quota.bucketId, mayBe);
    if (mayBe) quotas.push(quota);
  }
  return { demands, quotas, rejected, quotasLeftOut: reply.quotas.length - quotas.length };
}
