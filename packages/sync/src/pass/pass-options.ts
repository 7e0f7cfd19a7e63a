import type { ReviewOf } from '../decision/entry-review.ts';
import type { Destination } from '../destination/destination.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Policy } from '../policy/policy.ts';
import type { EntryDecision } from './pass-summary.ts';
import type { SiteStore } from './site-store.ts';

/** What one pass works with. */
export interface PassOptions {
  readonly store: SiteStore;
  readonly destination: Destination;
  readonly policy: Policy;
  readonly ledger: Pick<Ledger, 'append' | 'sent'>;
  /** The administrator's `--upstream-program` names. */
  readonly programs: readonly string[];
  /** People's word on entries, where the policy says `review: entry`. */
  readonly reviews?: ReviewOf | undefined;
  /** Fingerprint of the destination's key, from the site's token. */
  readonly pinned: string;
  /** The destination's origin (scheme, host, port): the source of its demands, the `to` of receipts and ledger. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 up to 1; marks are known again by it. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /**
   * Buckets whose count alone has changed are told of no more often than this, in milliseconds. What is new goes at once, and a pass
   * with nothing new in between asks in some hundred bytes whether something else is wanted. Default 0: with every pass.
   */
  readonly countsEveryMs?: number | undefined;
  /** Told every decision; the summary holds only the first thousand. */
  readonly onDecision?: ((decision: EntryDecision) => void) | undefined;
  /** Ends the pass at the next safe point, and the request that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Starts a timer and returns how to stop it; renews leases. Default: `setTimeout`, not keeping the process alive. */
  readonly setTimer?: ((run: () => void, ms: number) => () => void) | undefined;
}
