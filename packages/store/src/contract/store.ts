import type { Demands } from './demands.ts';
import type { Entries } from './entries.ts';
import type { Hits } from './hits.ts';
import type { Queries } from './queries.ts';
import type { Settings } from './settings.ts';

/** A server's durable state. Drivers are made by their own `open…` functions and pass the conformance suite. */
export interface Store {
  readonly hits: Hits;
  readonly entries: Entries;
  readonly demands: Demands;
  readonly queries: Queries;
  readonly settings: Settings;
  /**
   * A number that grows whenever what is held of a bucket, or asked for, changes: entries, demands, decisions, quotas.
   * What was worked out from these after asking for the number holds as long as the number does. Not a look at a disk.
   */
  revision(bucketId: string): number;
  /** Finishes what is under way and lets go of the folder. Calls after it reject with `closed`. */
  close(): Promise<void>;
}
