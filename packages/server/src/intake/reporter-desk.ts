import { type Bucket, bucketId } from '@fr/bucket';
import type { SignedDemand } from '@fr/protocol';
import type { SigningKey } from '@fr/protocol/signature';
import type { EntryGate, Store } from '@fr/store';
import { countHoldings, DEFAULT_SITE_DEMAND, demandsForReporters, type Policy, siteGate } from '@fr/sync';

/** What a site says to its reporters. */
export interface ReporterDesk {
  /** What is wanted for a bucket that was just reported, signed with the site's key. */
  demandsFor(bucket: Bucket): Promise<readonly SignedDemand[]>;
  /** Whether an entry is taken. */
  readonly gate: EntryGate;
}

/** What the answers are made from. */
export interface ReporterDeskOptions {
  readonly store: Pick<Store, 'queries' | 'demands'>;
  readonly key: SigningKey;
  readonly policy: Policy;
  /** Programs listed for the destination besides those of the policy; only for these is anything collected on its behalf. */
  readonly programs: readonly string[];
  readonly now?: () => number;
}

/** Entries of one bucket that are looked at to see what is held; retention keeps far fewer. */
const HELD_ENTRIES = 1_000;

/** Answers reporters from what the site holds, has been asked for, and lets happen. */
export function createReporterDesk(options: ReporterDeskOptions): ReporterDesk {
  const { store, key, policy, programs } = options;
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
        policy,
        programs,
        key,
        now: now(),
      });
    },
    gate: (header) => siteGate({ store, policy, programs, now: now() })(header),
  };
}
