import type { Demands } from './demands.ts';
import type { Entries } from './entries.ts';
import type { Hits } from './hits.ts';
import type { Identity } from './identity.ts';
import type { Queries } from './queries.ts';
import type { Quotas } from './quotas.ts';
import type { Settings } from './settings.ts';

/** A server's durable state. Drivers are made by their own `open…` functions and pass the conformance suite. */
export interface Store {
  readonly identity: Identity;
  readonly hits: Hits;
  readonly entries: Entries;
  readonly demands: Demands;
  readonly quotas: Quotas;
  readonly queries: Queries;
  readonly settings: Settings;
  /**
   * A number that grows whenever what is held of a bucket, or asked for, changes: entries, demands, decisions, quotas.
   * What was worked out from these after asking for the number holds as long as the number does. The one call that does not
   * wait, since it is made for every hit: not a look at a disk, nor at another machine. What another process has written
   * counts once this one has heard of it, within seconds; whatever must be exact is decided where it is written.
   */
  revision(bucketId: string): number;
  /** Finishes what is under way and lets go of the folder. Calls after it reject with `closed`. */
  close(): Promise<void>;
}
