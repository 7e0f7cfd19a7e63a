import type { Quota, SignedDemand } from '@fr/protocol';

/** A person's decision on a demand, bound to the hash of the terms that were read. */
export interface Approval {
  readonly decision: 'approved' | 'denied';
  readonly termsHash: string;
  readonly by: string;
  readonly at: number;
}

/** A demand as a store keeps it. */
export interface StoredDemand {
  readonly demand: SignedDemand;
  /** `own`, or the origin (scheme, host, port) of the destination it came from. */
  readonly source: string;
  readonly seenAt: number;
  /** When it was met, withdrawn or no longer listed by its source. Kept, so that an older version is recognised. */
  readonly closedAt?: number;
  readonly approval?: Approval;
}

/** Samples counted towards a demand so far. `scope` is a bucket id, or empty for the demand as a whole. */
export interface CreditCount {
  readonly demandId: string;
  readonly scope: string;
  readonly type: string;
  readonly accepted: number;
}

/** For what samples are counted. */
export type CreditPlace = Pick<CreditCount, 'demandId' | 'scope'>;

/** What is still needed: own demands and those from upstream. */
export interface Demands {
  /** Stores or replaces one demand by id; an approval of it stays. */
  put(demand: StoredDemand): Promise<void>;
  /**
   * Replaces the open demands and all quotas of one source in one transaction: demands of that source that are not
   * in the list are closed at `at`; a listed one is open again. An id that another source holds is passed over.
   */
  replace(
    source: string,
    demands: readonly SignedDemand[],
    quotas: readonly Quota[],
    at: number,
  ): Promise<void>;
  /** All demands, open and closed, newest first. */
  list(): Promise<readonly StoredDemand[]>;
  /** Records a person's decision; false where there is no such demand. */
  decide(demandId: string, approval: Approval): Promise<boolean>;
  /** Samples counted towards own demands: of the given demands and scopes, or all. */
  credits(of?: readonly CreditPlace[]): Promise<readonly CreditCount[]>;
}
