import { type HistoryFilter, type HistoryPoint, STEP_MS } from '../contract/history.ts';
import type { BucketRow, EntryRow, Page, ProblemRow, Queries, RowFilter, Span } from '../contract/queries.ts';
import {
  pageLimit,
  parsePlace,
  printPlace,
  type RowPlace,
  rankOf,
  searchableText,
  searchWords,
} from '../listing.ts';
import { type HeldEntry, hitsOf, type KnownBucket, type MemoryState } from './memory-state.ts';

/** Lists made anew for every question. */
export function memoryQueries(state: MemoryState): Queries {
  return {
    buckets: async (filter = {}) => {
      state.checkOpen();
      const rows = [...state.buckets.values()]
        .filter((known) => isOf(known, filter))
        .map((known) => bucketRow(state, known))
        .filter((row) => isLike(row, filter));
      return page(rows, filter, (row) => ({ rank: rankOf(row, filter.order), id: row.bucketId }));
    },
    bucket: async (bucketId) => {
      state.checkOpen();
      const known = state.buckets.get(bucketId);
      return known && bucketRow(state, known);
    },
    problems: async (filter = {}) => {
      state.checkOpen();
      const fitting = [...state.buckets.values()].filter((known) => isOf(known, filter));
      const ids = new Set(fitting.map(({ problemId }) => problemId));
      const rows = [...ids].flatMap((id) => problemRow(state, id)).filter((row) => isLike(row, filter));
      return page(rows, filter, (row) => ({ rank: rankOf(row, filter.order), id: row.problemId }));
    },
    entries: async (filter = {}) => {
      state.checkOpen();
      const { state: wanted, stored, ...ofBucket } = filter;
      const fits = (id: string) => {
        const known = state.buckets.get(id);
        return known && isOf(known, ofBucket) && isLike(bucketRow(state, known), ofBucket);
      };
      const rows = [...state.entries.values()]
        .filter(({ bucketId }) => fits(bucketId))
        .map(entryRow)
        .filter((row) => isIn(row.at, stored) && (wanted === undefined || row.state === wanted));
      return page(rows, filter, (row) => ({ rank: row.at, id: row.entryId }));
    },
    history: async (filter) => {
      state.checkOpen();
      return history(state, filter);
    },
    outcomes: async () => {
      state.checkOpen();
      return state.outcomes();
    },
  };
}

/** What a bucket is. */
function isOf(known: KnownBucket, filter: RowFilter): boolean {
  const text = searchableText(known.bucket);
  const equal = [
    [filter.program, known.bucket.program],
    [filter.programVersion, known.bucket.programVersion],
    [filter.module, known.bucket.module],
    [filter.bucketId, known.bucketId],
    [filter.problemId, known.problemId],
  ];
  return (
    equal.every(([wanted, is]) => wanted === undefined || wanted === is) &&
    (filter.originId === undefined || hasOrigin(known, filter.originId)) &&
    searchWords(filter.text).every((word) => text.includes(word))
  );
}

/** What became of a bucket or problem. */
function isLike(
  row: Pick<BucketRow, 'hits' | 'firstSeen' | 'lastSeen' | 'entries'>,
  filter: RowFilter,
): boolean {
  const { pending, uploaded } = row.entries;
  const states = { counted: pending + uploaded === 0, pending: pending > 0, uploaded: uploaded > 0 };
  return (
    isIn(row.hits, filter.hits) &&
    isIn(row.firstSeen, filter.firstSeen) &&
    isIn(row.lastSeen, filter.lastSeen) &&
    (filter.state === undefined || states[filter.state])
  );
}

function isIn(value: number, span: Span = {}): boolean {
  return (
    value >= (span.from ?? Number.NEGATIVE_INFINITY) && value < (span.before ?? Number.POSITIVE_INFINITY)
  );
}

/** Nothing is ever moved into a wider step here. */
function history(state: MemoryState, filter: HistoryFilter): readonly HistoryPoint[] {
  const { bucketId, problemId, step, from, to } = filter;
  const sums = new Map<number, number>();
  for (const known of state.buckets.values()) {
    if (known.bucketId !== bucketId && (bucketId !== undefined || known.problemId !== problemId)) continue;
    for (const [minute, hits] of known.minutes) {
      const start = Math.floor((minute * STEP_MS.minute) / STEP_MS[step]) * STEP_MS[step];
      if (start >= from && start < to) sums.set(start, (sums.get(start) ?? 0) + hits);
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([start, hits]) => ({ start, hits }));
}

function hasOrigin(known: KnownBucket, originId: string): boolean {
  return [...known.totals.keys()].some((key) => key.startsWith(`${originId}/`));
}

function page<Row>(rows: readonly Row[], filter: RowFilter, placeOf: (row: Row) => RowPlace): Page<Row> {
  const after = filter.after === undefined ? undefined : parsePlace(filter.after);
  const left = rows
    .filter((row) => after === undefined || compare(after, placeOf(row)) < 0)
    .sort((a, b) => compare(placeOf(a), placeOf(b)));
  const shown = left.slice(0, pageLimit(filter));
  const last = shown.at(-1);
  return last && left.length > shown.length
    ? { rows: shown, next: printPlace(placeOf(last)) }
    : { rows: shown };
}

function compare(a: RowPlace, b: RowPlace): number {
  return b.rank - a.rank || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function entriesIn(state: MemoryState, buckets: readonly KnownBucket[]): readonly HeldEntry[] {
  const ids = new Set(buckets.map((known) => known.bucketId));
  return [...state.entries.values()].filter((held) => ids.has(held.bucketId));
}

function countStates(held: readonly HeldEntry[]): { readonly pending: number; readonly uploaded: number } {
  const uploaded = held.filter(({ entry }) => entry.state === 'uploaded').length;
  return { pending: held.length - uploaded, uploaded };
}

function bucketRow(state: MemoryState, known: KnownBucket): BucketRow {
  const held = entriesIn(state, [known]);
  const types: Record<string, number> = {};
  for (const { entry } of held)
    for (const { type } of entry.header.parts) types[type] = (types[type] ?? 0) + 1;
  const { bucketId, problemId, bucket, firstSeen, lastSeen } = known;
  return {
    bucketId,
    problemId,
    bucket,
    hits: hitsOf(known),
    firstSeen,
    lastSeen,
    entries: countStates(held),
    types,
  };
}

function problemRow(state: MemoryState, problemId: string): readonly ProblemRow[] {
  const buckets = [...state.buckets.values()].filter((known) => known.problemId === problemId);
  const [first] = buckets;
  if (!first) return [];
  const { program, module, location } = first.bucket;
  return [
    {
      problemId,
      program,
      module,
      location,
      hits: buckets.reduce((sum, known) => sum + hitsOf(known), 0),
      firstSeen: Math.min(...buckets.map((known) => known.firstSeen)),
      lastSeen: Math.max(...buckets.map((known) => known.lastSeen)),
      versions: [...new Set(buckets.map((known) => known.bucket.programVersion))].sort(),
      buckets: buckets.length,
      entries: countStates(entriesIn(state, buckets)),
    },
  ];
}

function entryRow(held: HeldEntry): EntryRow {
  const { header, state, bytes, storedAt } = held.entry;
  const types = header.parts.map(({ type }) => type);
  return { entryId: header.entryId, bucketId: held.bucketId, state, types, bytes, at: storedAt };
}
