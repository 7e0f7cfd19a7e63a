import type { Bucket } from '@fr/bucket';
import type { EntryState } from './entries.ts';
import type { HistoryFilter, HistoryPoint } from './history.ts';

/** A bucket as people see it. */
export interface BucketRow {
  readonly bucketId: string;
  readonly problemId: string;
  readonly bucket: Bucket;
  /** All origins and epochs together. */
  readonly hits: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly entries: { readonly pending: number; readonly uploaded: number };
  /** Entries of each information type ever stored and still held, in any state. */
  readonly types: Readonly<Record<string, number>>;
}

/** The buckets of one cause across versions. */
export interface ProblemRow {
  readonly problemId: string;
  readonly program: string;
  readonly module: string;
  readonly location: string;
  readonly hits: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly versions: readonly string[];
  readonly buckets: number;
  readonly entries: { readonly pending: number; readonly uploaded: number };
}

/** An entry in a list. */
export interface EntryRow {
  readonly entryId: string;
  readonly bucketId: string;
  readonly state: EntryState;
  readonly types: readonly string[];
  readonly bytes: number;
  /** When it was stored, milliseconds since 1970. */
  readonly at: number;
}

/** From `from` on and below `before`; either may be left out. */
export interface Span {
  readonly from?: number;
  readonly before?: number;
}

/**
 * `counted`: hits only, no entry is held. `pending`: an entry is held that was not uploaded. `uploaded`: one is that was.
 * The last two may both be true.
 */
export type RowState = 'counted' | EntryState;

/**
 * `hits`: most first. `last-seen`: those hit last first, to the minute: what was hit in the same one comes by id.
 * `first-seen`: the newest first.
 */
export type RowOrder = 'hits' | 'last-seen' | 'first-seen';

/**
 * Which rows; all given members must fit. A list of problems takes hits, times and state of the whole problem, and
 * anything else fits when it fits one of its buckets; a list of entries takes them of the entry's bucket, and the state
 * of the entry.
 */
export interface RowFilter {
  readonly program?: string;
  readonly programVersion?: string;
  readonly module?: string;
  readonly bucketId?: string;
  readonly problemId?: string;
  /** Only buckets this origin has reported. */
  readonly originId?: string;
  /** Words that occur in program, module or location, whole or in part, in any case. */
  readonly text?: string;
  readonly state?: RowState;
  /** When the last hit was received, milliseconds since 1970. */
  readonly lastSeen?: Span;
  /** When the first was. */
  readonly firstSeen?: Span;
  readonly hits?: Span;
  /** When an entry was stored; of no meaning for other lists. */
  readonly stored?: Span;
  /** Default `hits`. Entries come newest first, always. */
  readonly order?: RowOrder;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
  /** `next` of the page before, with the same filter and order. */
  readonly after?: string;
}

/**
 * Part of a list. `next` is absent on the last page. With a filter a page may be short, or even empty, and have a `next`:
 * then a driver has looked at as many rows as one call may cost, and goes on from there in the next one. By `program`,
 * `bucketId` or `problemId` alone no page in the order of hits is.
 */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

/**
 * How many of what arrived had which outcome: the terms of the two balance equations. A hit is one here, whatever its
 * count; only what reporters have dropped before a server heard of it is counted in occurrences, and stands outside the
 * equation, and so do hits that were counted and then {@link LOST_ON_DISK}. An entry that broke off is refused as
 * `interrupted`, a malformed one under the protocol error's code.
 */
export interface OutcomeCount {
  readonly of: 'hits' | 'entries';
  readonly outcome: 'received' | 'counted' | 'stored' | 'duplicate' | 'refused' | 'dropped';
  /** For refused and dropped. */
  readonly reason: string;
  readonly count: number;
}

/** Reason under which hits are dropped that a driver had acknowledged and finds to be missing from its disk. */
export const LOST_ON_DISK = 'lost-on-disk';

/** Reading for people and decisions. Never blocks writers. */
export interface Queries {
  /** Most hits first, unless the filter has another order. */
  buckets(filter?: RowFilter): Promise<Page<BucketRow>>;
  bucket(bucketId: string): Promise<BucketRow | undefined>;
  /** Most hits first, unless the filter has another order. */
  problems(filter?: RowFilter): Promise<Page<ProblemRow>>;
  /** Newest first. */
  entries(filter?: RowFilter): Promise<Page<EntryRow>>;
  /** When own hits of a bucket or problem were received, earliest first; see {@link HistoryFilter} for how far back. */
  history(filter: HistoryFilter): Promise<readonly HistoryPoint[]>;
  /** Since the store was made. */
  outcomes(): Promise<readonly OutcomeCount[]>;
}
