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

/** Which rows; all given members must fit. */
export interface RowFilter {
  readonly program?: string;
  readonly bucketId?: string;
  readonly problemId?: string;
  /** Only buckets this origin has reported. */
  readonly originId?: string;
  /** Words that occur in program, module or location. */
  readonly text?: string;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** Part of a list. `next` is absent on the last page. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

/**
 * How many of what arrived had which outcome: the terms of the two balance equations. A hit is one here, whatever its
 * count; only what reporters have dropped before a server heard of it is counted in occurrences, and stands outside the
 * equation. An entry that broke off is refused as `interrupted`, a malformed one under the protocol error's code.
 */
export interface OutcomeCount {
  readonly of: 'hits' | 'entries';
  readonly outcome: 'received' | 'counted' | 'stored' | 'duplicate' | 'refused' | 'dropped';
  /** For refused and dropped. */
  readonly reason: string;
  readonly count: number;
}

/** Reading for people and decisions. Never blocks writers. */
export interface Queries {
  /** By hits, most first. */
  buckets(filter?: RowFilter): Promise<Page<BucketRow>>;
  bucket(bucketId: string): Promise<BucketRow | undefined>;
  /** By hits, most first. */
  problems(filter?: RowFilter): Promise<Page<ProblemRow>>;
  /** Newest first. */
  entries(filter?: RowFilter): Promise<Page<EntryRow>>;
  /** When own hits of a bucket or problem were received, earliest first; see {@link HistoryFilter} for how far back. */
  history(filter: HistoryFilter): Promise<readonly HistoryPoint[]>;
  /** Since the store was made. */
  outcomes(): Promise<readonly OutcomeCount[]>;
}
