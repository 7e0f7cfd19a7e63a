/**
 * What every driver's lists have in common: how long a page is, where the next one starts, which words fit.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import type { RowFilter, RowOrder } from './contract/queries.ts';
import { StoreError } from './contract/store-error.ts';

const DEFAULT_ROWS = 100;
const MAX_ROWS = 1_000;

/** Rows on one page of the filter. */
export function pageLimit(filter: RowFilter): number {
  const limit = Math.trunc(filter.limit ?? DEFAULT_ROWS);
  return Math.min(MAX_ROWS, Math.max(1, Number.isNaN(limit) ? DEFAULT_ROWS : limit));
}

/** Place of a row in a list that is ordered by a number, falling, and then by id. */
export interface RowPlace {
  readonly rank: number;
  readonly id: string;
}

export function printPlace(place: RowPlace): string {
  return `${place.rank}.${place.id}`;
}

/** The place a page starts behind; throws `not-found` for text that no page has given out. */
export function parsePlace(after: string): RowPlace {
  const [, rank, id] = /^(\d{1,16})\.([a-z0-9-]{1,64})$/.exec(after) ?? [];
  if (rank === undefined || id === undefined)
    throw new StoreError('not-found', 'there is no such page: `after` takes the `next` of a page before');
  return { rank: Number(rank), id };
}

/** Milliseconds within which one last hit counts as no later than another. */
export const SEEN_STEP_MS: number = 60_000;

/** What a row of buckets or problems is ordered by, falling. */
export function rankOf(
  row: { readonly hits: number; readonly firstSeen: number; readonly lastSeen: number },
  order: RowOrder = 'hits',
): number {
  if (order === 'hits') return row.hits;
  return order === 'first-seen' ? row.firstSeen : Math.floor(row.lastSeen / SEEN_STEP_MS);
}

/** Lower-case text in which words are looked for. */
export function searchableText(bucket: Bucket): string {
  return [bucket.program, bucket.module, bucket.location].join('\n').toLowerCase();
}

/** The words of a filter's text; every one must occur. */
export function searchWords(text: string | undefined): readonly string[] {
  return (text ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 16);
}
