/**
 * What the commands print with `--json`, as far as the main job looks at it.
 * @module
 */

import { commandJson } from '@fr/test-harness';
import { BIN } from '../harness/paths.ts';
import type { World } from './world.ts';

export interface BucketView {
  readonly bucketId: string;
  readonly name: string;
  readonly hits: number;
  readonly entries: Readonly<Record<string, number>>;
  readonly types: readonly string[];
}

export interface EntryView {
  readonly entryId: string;
  readonly bucketId: string;
  readonly state: string;
  readonly types: readonly string[];
  readonly bytes: number;
}

export interface DemandView {
  readonly demandId: string;
  readonly state: string;
  readonly types: readonly { readonly type: string; readonly count: number }[];
  readonly reason: string;
}

export interface PassView {
  readonly uploaded: number;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  readonly decisions: readonly {
    readonly entryId: string;
    readonly verdict: string;
    readonly types: readonly string[];
    readonly reason: string;
  }[];
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface LedgerView {
  readonly ok: boolean;
  readonly records: number;
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** A site's or vendor's commands on its folder. */
export function views(world: Pick<World, 'siteData' | 'vendorData'>): {
  readonly siteBuckets: () => Promise<readonly BucketView[]>;
  readonly siteEntries: () => Promise<readonly EntryView[]>;
  readonly siteDemands: () => Promise<readonly DemandView[]>;
  readonly vendorBuckets: () => Promise<readonly BucketView[]>;
  readonly vendorEntries: () => Promise<readonly EntryView[]>;
  readonly vendorDemands: () => Promise<readonly DemandView[]>;
  readonly sync: () => Promise<PassView>;
  readonly ledger: () => Promise<LedgerView>;
} {
  const site = <T>(...words: string[]): Promise<T> =>
    commandJson<T>(BIN.frAdmin, [...words, '--data', world.siteData]);
  const vendor = <T>(...words: string[]): Promise<T> =>
    commandJson<T>(BIN.frDestination, [...words, '--data', world.vendorData]);
  const rowsOf = async <T>(page: Promise<{ readonly rows: readonly T[] }>): Promise<readonly T[]> =>
    (await page).rows;
  return {
    siteBuckets: () => rowsOf(site('buckets')),
    siteEntries: () => rowsOf(site('entries')),
    siteDemands: () => site('demands'),
    vendorBuckets: () => rowsOf(vendor('buckets')),
    vendorEntries: () => rowsOf(vendor('entries')),
    vendorDemands: () => vendor('demands'),
    sync: () => site('sync'),
    ledger: () => site('ledger', '--verify'),
  };
}
