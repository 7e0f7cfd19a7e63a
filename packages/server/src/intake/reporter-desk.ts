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
  withStanding,
} from '@fr/sync';
import { BucketMemory } from './bucket-memory.ts';
import type { Told } from './told.ts';

/** What a site says to its reporters. */
export interface ReporterDesk {
  /** What is wanted for a bucket that was just reported, signed with the site's key. */
  demandsFor(bucket: Bucket): Told<SignedDemand>;
  /** Whether an entry is taken, from whom, under the leases with these fences. */
  readonly gate: (caller: string, fences: readonly number[]) => EntryGate;
  /** Who may bring, or collect, what is heavy. */
  leasesFor(request: LeaseRequest, caller: string): Promise<LeaseReply>;
  readonly leases: LeaseDesk;
}

/** What the answers are made from. */
export interface ReporterDeskOptions {
  readonly store: Pick<Store, 'queries' | 'demands' | 'quotas' | 'settings' | 'revision'>;
  readonly key: SigningKey;
  /** In force; a function where it may change while the desk stands. */
  readonly policy: Policy | (() => Policy);
  /** Programs listed for the destination besides those of the policy; only for these is anything collected on its behalf. */
  readonly programs: readonly string[];
  /** The destination for which the policy's standing demands are minded. Default: none. */
  readonly to?: string;
  /** Default: a desk whose leases are forgotten with it, which costs their holders the work they have done. */
  readonly leases?: LeaseDesk;
  readonly now?: () => number;
}

/** Entries of one bucket that are looked at to see what is held; retention keeps far fewer. */
const HELD_ENTRIES = 1_000;

/** How long a signed demand is given out again as it is. */
const SIGNED_ANEW_MS = 60_000;

/** What was last said about a bucket, and what it was worked out from. */
interface Remembered {
  readonly bucketId: string;
  readonly revision: number;
  readonly policy: Policy;
  readonly at: number;
  readonly signedBy: string;
  readonly demands: readonly SignedDemand[];
}

/** Answers reporters from what the site holds, has been asked for, and lets happen. */
export function createReporterDesk(options: ReporterDeskOptions): ReporterDesk {
  const { store, key, programs, to, leases = createLeaseDesk() } = options;
  const policy = (): Policy => (typeof options.policy === 'function' ? options.policy() : options.policy);
  const now = options.now ?? Date.now;
  const told = new BucketMemory<Remembered>();

  /** Time alone makes nothing wanted that was not; what is wanted is signed anew, for it is good for a day only. */
  function holds({ bucketId, revision, policy: ruledBy, at, signedBy, demands }: Remembered): boolean {
    const isFresh = demands.length === 0 || (Math.abs(now() - at) < SIGNED_ANEW_MS && signedBy === key.keyId);
    return isFresh && ruledBy === policy() && revision === store.revision(bucketId);
  }

  async function workOut(bucket: Bucket, id: string): Promise<readonly SignedDemand[]> {
    // Asked for before anything is looked at: what changes meanwhile is looked at again the next time.
    const basis = {
      bucketId: id,
      revision: store.revision(id),
      policy: policy(),
      at: now(),
      signedBy: key.keyId,
    };
    const [held, demands, quotas] = await Promise.all([
      store.queries.entries({ bucketId: id, limit: HELD_ENTRIES }),
      store.demands.list(),
      store.quotas.list(id),
    ]);
    const wanted = demandsForReporters({
      bucket,
      siteDefault: DEFAULT_SITE_DEMAND,
      holdings: countHoldings(held.rows),
      demands: withStanding(demands, { policy: basis.policy, to, now: basis.at }),
      quotas,
      policy: basis.policy,
      programs,
      key,
      now: basis.at,
    });
    told.set(bucket, { ...basis, demands: wanted });
    return wanted;
  }

  return {
    demandsFor(bucket) {
      const before = told.get(bucket);
      return before && holds(before) ? before.demands : workOut(bucket, before?.bucketId ?? bucketId(bucket));
    },
    gate: (_caller, fences) => (header) =>
      siteGate({ store, policy: policy(), programs, to, now: now(), leases, fences })(header),
    leasesFor: (request, caller) =>
      answerReporterLeases({
        ...{ store, desk: leases, policy: policy(), programs, to },
        ...{ request, caller, now: now() },
      }),
    leases,
  };
}
