/**
 * What may be asked of the writer's thread: a closed list, each write one savepoint in a shared transaction. Plain
 * data only, and everything that needs a hash or another package is worked out before.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import type { DropCount, EntryHeader, Origin, Quota, Receipt, SignedDemand } from '@fr/protocol';
import type { Approval, StoredDemand } from '../../contract/demands.ts';
import type { Credit, EntryState } from '../../contract/entries.ts';
import type { OutcomeCount } from '../../contract/queries.ts';
import type { Fence } from '../folder/fence.ts';
import type { Fault } from '../sqlite/fault.ts';
import type { HitParcel } from './journal/hit-parcel.ts';

/** A bucket with its two ids and the text it is found by. */
export interface NamedBucket {
  readonly bucket: Bucket;
  readonly bucketId: string;
  readonly problemId: string;
  readonly search: string;
}

/** An entry whose file lies durable under its name. */
export interface FiledEntry {
  readonly header: EntryHeader;
  readonly at: NamedBucket;
  readonly state: EntryState;
  readonly receipts: readonly Receipt[];
  readonly digest: string;
  readonly bytes: number;
  readonly headBytes: number;
  readonly fileBytes: number;
  readonly storedAt: number;
}

/** Every write with what it takes and what it gives. */
export interface Writes {
  /** Gives a byte for each hit; see `journal/hit-parcel.ts`. */
  record: { take: HitParcel; give: Uint8Array };
  /** Resolves when everything acknowledged before is in the tables. */
  apply: { take: Record<never, never>; give: undefined };
  recordDrops: {
    take: {
      readonly idBytes: Uint8Array;
      readonly counts: readonly DropCount[];
      readonly receivedAt: number;
    };
    give: 'counted' | 'duplicate';
  };
  merge: {
    take: {
      readonly origin: Origin;
      readonly totals: readonly { readonly at: NamedBucket; readonly hits: number }[];
      readonly receivedAt: number;
    };
    give: readonly { readonly bucketId: string; readonly hits: number }[];
  };
  openEpoch: { take: { readonly now: number }; give: Origin };
  storeEntry: {
    /** `rebuilding`: the index was lost, so no entry is refused for want of a credit. */
    take: { readonly entry: FiledEntry; readonly credits: readonly Credit[]; readonly rebuilding: boolean };
    give: 'stored' | 'duplicate' | 'not-needed';
  };
  /** What the index says of an entry it has, anew from its file; sums are left as they are. */
  reindexEntry: { take: { readonly entry: FiledEntry }; give: undefined };
  markEntry: {
    take: { readonly entryId: string; readonly receipts: readonly Receipt[]; readonly fileBytes: number };
    give: boolean;
  };
  dropEntry: { take: { readonly entryId: string; readonly reason: string }; give: boolean };
  count: {
    take: { readonly of: OutcomeCount['of']; readonly outcomes: readonly (readonly [string, string])[] };
    give: undefined;
  };
  putDemand: { take: StoredDemand; give: undefined };
  replaceDemands: {
    take: {
      readonly source: string;
      readonly demands: readonly SignedDemand[];
      readonly quotas: readonly Quota[];
      readonly at: number;
    };
    give: undefined;
  };
  quoteBuckets: {
    take: {
      readonly source: string;
      readonly bucketIds: readonly string[];
      readonly quotas: readonly Quota[];
    };
    give: undefined;
  };
  decideDemand: { take: { readonly demandId: string; readonly approval: Approval }; give: boolean };
  writeSetting: { take: { readonly name: string; readonly value: string }; give: undefined };
  deleteSettings: { take: { readonly names: readonly string[] }; give: undefined };
  /** Notes in which folders something is under way; see `entries/touched.ts`. */
  touch: { take: { readonly add: readonly string[]; readonly remove: readonly string[] }; give: undefined };
  /** Sums that can be derived, derived again; gives how many rows were wrong. */
  rederive: { take: Record<never, never>; give: number };
}

export type WriteKind = keyof Writes;

/** A write on its way to the thread. */
export type WriteOrder = {
  [K in WriteKind]: {
    readonly id: number;
    readonly kind: K;
    readonly take: Writes[K]['take'];
    /** About how many bytes it will write. */
    readonly bytes: number;
  };
}[WriteKind];

export type WriteReply =
  | { readonly id: number; readonly give: unknown }
  | { readonly id: number; readonly fault: Fault };

/** What the thread says: once that it is ready or cannot be, then replies, at the end that it has closed the file. */
export type WriterMessage =
  | {
      readonly say: 'ready';
      readonly created: boolean;
      readonly fence: Fence;
      readonly notices: readonly string[];
      /** What was acknowledged is missing: what can be read elsewhere has to be read. */
      readonly hasLost: boolean;
    }
  | { readonly say: 'unable'; readonly fault: Fault }
  | { readonly say: 'replies'; readonly replies: readonly WriteReply[] }
  | { readonly say: 'closed' };

/** How the thread is started. */
export interface WriterSetup {
  readonly path: string;
  /** Where what cannot be read is kept for people. */
  readonly aside: string;
  /** See `folder/acknowledged.ts`. */
  readonly acknowledged: string;
  /** Identity given to a new store. */
  readonly origin: Origin;
}
