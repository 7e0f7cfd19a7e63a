/**
 * What a pass needs of a site's store, as small ports; `@fr/store` fits them by shape.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import type { EntryHeader, Origin, PartContent, Quota, Receipt, SignedDemand } from '@fr/protocol';
import type { StoredDemand } from '../demand/stored-demand.ts';
import type { HoldingRow } from '../site/holdings.ts';

/** An entry without its payload. */
export interface HeldEntry {
  readonly header: EntryHeader;
  readonly state: 'pending' | 'uploaded';
  readonly receipts: readonly Receipt[];
}

/** Under what own totals are counted. */
export interface IdentityPort {
  origin(): Promise<Origin>;
  openEpoch(): Promise<Origin>;
  /** Epochs under which was ever counted here. */
  epochs(): Promise<readonly number[]>;
}

/** Own totals. */
export interface TotalsPort {
  /** Of the present epoch, or of one that is closed. */
  changedSince(
    cursor: number,
    limit: number,
    epoch?: number,
  ): Promise<{
    readonly totals: readonly { readonly bucket: Bucket; readonly hits: number }[];
    readonly cursor: number;
  }>;
}

/** Entries that wait, their parts, and the mark that they went. */
export interface EntriesPort {
  pending(): AsyncIterable<HeldEntry>;
  read(entryId: string): Promise<
    | {
        readonly entry: HeldEntry;
        parts(types?: readonly string[]): AsyncIterable<PartContent>;
      }
    | undefined
  >;
  mark(entryId: string, receipt: Receipt): Promise<void>;
}

/** Demands of the destination, as last heard. */
export interface DemandsPort {
  list(): Promise<readonly StoredDemand[]>;
  replace(
    source: string,
    demands: readonly SignedDemand[],
    quotas: readonly Quota[],
    at: number,
  ): Promise<void>;
}

/** How many samples it still wants, by bucket, as last heard. */
export interface QuotasPort {
  list(bucketId?: string): Promise<readonly Quota[]>;
  replace(source: string, bucketIds: readonly string[], quotas: readonly Quota[]): Promise<void>;
}

/** Which bucket an id stands for, and what is held of it. */
export interface BucketsPort {
  entries(filter?: {
    readonly bucketId?: string;
    readonly limit?: number;
  }): Promise<{ readonly rows: readonly HoldingRow[] }>;
  bucket(bucketId: string): Promise<{ readonly bucket: Bucket } | undefined>;
}

/** Where the settled cursor lies. */
export interface SettingsPort {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
  delete(names: readonly string[]): Promise<void>;
}

/** A site's store, as a pass sees it. */
export interface SiteStore {
  readonly identity: IdentityPort;
  readonly hits: TotalsPort;
  readonly entries: EntriesPort;
  readonly demands: DemandsPort;
  readonly quotas: QuotasPort;
  readonly queries: BucketsPort;
  readonly settings: SettingsPort;
}
