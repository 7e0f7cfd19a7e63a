import { type Bucket, bucketId } from '@fr/bucket';
import type { LeaseReply, LeaseRequest, SignedDemand } from '@fr/protocol';
import type { SigningKey } from '@fr/protocol/signature';
import type { EntryGate, Store } from '@fr/store';
import {
  answerReporterLeases,
  countHoldings,
  createLeaseDesk,
  DEFAULT_SITE_DEMAND,
  demandsForReporters,
  type LeaseDesk,
  type Policy,
  siteGate,
} from '@fr/sync';

/** What a site says to its reporters. */
export interface ReporterDesk {
  /** What is wanted for a bucket that was just reported, signed with the site's key. */
  demandsFor(bucket: Bucket): Promise<readonly SignedDemand[]>;
  /** Whether an entry is taken, from whom, under the leases with these fences. */
  readonly gate: (caller: string, fences: readonly number[]) => EntryGate;
  /** Who may bring, or collect, what is heavy. */
  leasesFor(request: LeaseRequest, caller: string): Promise<LeaseReply>;
  readonly leases: LeaseDesk;
}

/** What the answers are made from. */
export interface ReporterDeskOptions {
  readonly store: Pick<Store, 'queries' | 'demands' | 'settings'>;
  readonly key: SigningKey;
  /** In force; a function where it may change while the desk stands. */
  readonly policy: Policy | (() => Policy);
  /** Programs listed for the destination besides those of the policy; only for these is anything collected on its behalf. */
  readonly programs: readonly string[];
  /** Default: a desk whose leases are forgotten with it, which costs their holders the work they have done. */
  readonly leases?: LeaseDesk;
  readonly now?: () => number;
}

/** Entries of one bucket that are looked at to see what is held; retention keeps far fewer. */
const HELD_ENTRIES = 1_000;

/** Answers reporters from what the site holds, has been asked for, and lets happen. */
export function createReporterDesk(options: ReporterDeskOptions): ReporterDesk {
  const { store, key, programs, leases = createLeaseDesk() } = options;
  const policy = (): Policy => (typeof options.policy === 'function' ? options.policy() : options.policy);
  const now = options.now ?? Date.now;
  return {
    async demandsFor(bucket) {
      const id = bucketId(bucket);
      const [held, demands, quotas] = await Promise.all([
        store.queries.entries({ bucketId: id, limit: HELD_ENTRIES }),
        store.demands.list(),
        store.demands.quotas(id),
      ]);
      const holdings = countHoldings(held.rows);
      return demandsForReporters({
        bucket,
        siteDefault: DEFAULT_SITE_DEMAND,
        holdings,
        demands,
        quotas,
        policy: policy(),
        programs,
        key,
        now: now(),
      });
    },
    gate: (_caller, fences) => (header) =>
      siteGate({ store, policy: policy(), programs, now: now(), leases, fences })(header),
    leasesFor: (request, caller) =>
      answerReporterLeases({ store, desk: leases, policy: policy(), programs, request, caller, now: now() }),
    leases,
  };
}
