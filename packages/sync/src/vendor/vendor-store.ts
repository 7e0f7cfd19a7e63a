/**
 * What the vendor's half needs of its store, as small ports; `@fr/store` fits them by shape.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import type { HeldTotal, Origin } from '@fr/protocol';
import type { CreditCount, StoredDemand } from '../demand/stored-demand.ts';

/** For what samples are counted. */
export type CreditPlace = Pick<CreditCount, 'demandId' | 'scope'>;

/** Demands of the vendor's own and the samples counted towards them. */
export interface OwnDemandsPort {
  put(demand: StoredDemand): Promise<void>;
  list(): Promise<readonly StoredDemand[]>;
  /** Of the given demands and scopes, or all. */
  credits(of?: readonly CreditPlace[]): Promise<readonly CreditCount[]>;
}

/** Merges what sites counted. */
export interface MergePort {
  merge(
    origin: Origin,
    totals: readonly { readonly bucket: Bucket; readonly hits: number }[],
    receivedAt: number,
  ): Promise<readonly HeldTotal[]>;
}

/** Buckets, by who reported them. */
export interface ReportedBucketsPort {
  buckets(filter?: {
    readonly originId?: string;
    readonly bucketId?: string;
    readonly problemId?: string;
    readonly program?: string;
    readonly limit?: number;
    readonly after?: string;
  }): Promise<{
    readonly rows: readonly {
      readonly bucketId: string;
      readonly bucket: Bucket;
      /** Of all origins together. */
      readonly hits?: number;
    }[];
    readonly next?: string;
  }>;
}

/** Where it lies how far each origin has told, and which number stands for which bucket. */
export interface ToldPort {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
  delete(names: readonly string[]): Promise<void>;
}

/** A vendor's store, as its half of the conversation sees it. */
export interface VendorStore {
  readonly hits: MergePort;
  readonly demands: OwnDemandsPort;
  readonly queries: ReportedBucketsPort;
  readonly settings: ToldPort;
}
