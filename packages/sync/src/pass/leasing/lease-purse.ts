import type { Lease, LeaseAsk, LeaseReply, LeaseSubject } from '@fr/protocol';

/** A lease in hand. `until`: by our clock. */
export interface PursedLease extends Lease {
  readonly until: number;
}

/** What a lease to deliver is looked up by. */
export type Sample = Pick<LeaseSubject, 'demandId' | 'bucketId' | 'type'>;

/**
 * The leases a pass has for delivering, counted down while it sends. What ran out is not there any more; what was refused
 * is remembered, so that it is asked for but once.
 */
export class LeasePurse {
  readonly #leases = new Map<string, PursedLease>();
  readonly #refused = new Map<string, string>();

  /** Takes in what a destination says; its times count from when it was asked. */
  add({ given, refused }: LeaseReply, askedAt: number): void {
    for (const lease of given) {
      if (lease.for !== 'deliver') continue;
      this.#leases.set(keyOf(lease), { ...lease, until: askedAt + lease.expiresInMs });
      this.#refused.delete(keyOf(lease));
    }
    for (const refusal of refused) {
      if (refusal.for !== 'deliver') continue;
      const words = {
        'leased-out': 'others have the leases for it',
        'not-wanted': 'no more of it is wanted',
      };
      this.#refused.set(keyOf(refusal), words[refusal.reason]);
    }
  }

  /** How many samples may go now. */
  left(sample: Sample, now: number): number {
    const lease = this.#leases.get(keyOf(sample));
    return lease && lease.until > now ? lease.count : 0;
  }

  /** Why there is no lease, where one was asked for. */
  refusal(sample: Sample): string | undefined {
    return this.#refused.get(keyOf(sample));
  }

  /** Counts one sample of each down, and gives the leases it goes under, as they are then. */
  take(samples: readonly Sample[], now: number): readonly PursedLease[] {
    return samples.flatMap((sample) => {
      const lease = this.#leases.get(keyOf(sample));
      if (!lease || this.left(sample, now) < 1) return [];
      this.#leases.set(keyOf(sample), { ...lease, count: lease.count - 1 });
      return [lease];
    });
  }

  /** What is more than needed, given how many of each are: as asks for as many, or that give it back. */
  spare(needed: (sample: Sample) => number): readonly LeaseAsk[] {
    return [...this.#leases.values()]
      .filter((lease) => needed(lease) < lease.count)
      .map((lease) => {
        const { demandId, bucketId, type, fence } = lease;
        const count = needed(lease);
        if (count === 0) this.#leases.delete(keyOf(lease));
        return { demandId, bucketId, type, for: 'deliver', count, fence };
      });
  }
}

function keyOf({ demandId, bucketId, type }: Sample): string {
  return `${demandId} ${bucketId} ${type}`;
}
