/**
 * Lists are ordered by a number, falling, and then by an id: a place is one of each. What lies between two places is
 * asked for in stretches, each of which SQLite finds by one range of an index, however many rows share a number.
 * @module
 */
import type { RowPlace } from '../../listing.ts';
import type { Database } from '../sqlite/database.ts';
import { allOf, spanTerms, type Term } from './row-conditions.ts';

/**
 * Rows behind `after` up to and with `end`, in the order of the list; SQL for what a row is ordered by. One bound on each
 * side, the nearer one: of two SQLite would take either for the range, and read all between them.
 */
export function stretches(
  { rank, id, span = {} }: Pick<Walk, 'rank' | 'id' | 'span'>,
  after: RowPlace | undefined,
  end: RowPlace | undefined,
): readonly (readonly Term[])[] {
  const behind: readonly Term[] = after
    ? [
        [`${rank} = ?`, after.rank],
        [`${id} > ?`, after.id],
      ]
    : [];
  const upTo: readonly Term[] = end
    ? [
        [`${rank} = ?`, end.rank],
        [`${id} <= ?`, end.id],
      ]
    : [];
  if (after && end && after.rank === end.rank) return [[...behind, ...upTo]];
  const between: readonly Term[] = [
    ...(after ? [[`${rank} < ?`, after.rank] as const] : spanTerms({ ...span, from: undefined }, rank)),
    ...(end ? [[`${rank} > ?`, end.rank] as const] : spanTerms({ ...span, before: undefined }, rank)),
  ];
  return [...(after ? [behind] : []), between, ...(end ? [upTo] : [])];
}

interface Bounds {
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

/** Rows in the order in which an index has them. */
export interface Walk {
  /** A table with its index, as in `FROM`. */
  readonly from: string;
  readonly rank: string;
  readonly id: string;
  /** What else the index begins with. */
  readonly terms: readonly Term[];
  /** What of the order is wanted at all. Places come from within it. */
  readonly span?: Bounds | undefined;
}

/** Where a walk of so many rows ends; nothing: it comes to the end of the list. Reads nothing but the index. */
export function endOfWalk(
  db: Database,
  walk: Walk,
  after: RowPlace | undefined,
  count: number,
): RowPlace | undefined {
  const { from, rank, id, terms } = walk;
  let left = count;
  for (const stretch of stretches(walk, after, undefined)) {
    const { sql, values } = allOf([...terms, ...stretch]);
    const rows = `SELECT ${rank} AS rank, ${id} AS id FROM ${from} WHERE ${sql} ORDER BY ${rank} DESC, ${id}`;
    const end = db.get<RowPlace>(`${rows} LIMIT 1 OFFSET ?`, ...values, left - 1);
    if (end) return { ...end };
    const counted = `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} WHERE ${sql} LIMIT ?)`;
    left -= db.get<{ count: number }>(counted, ...values, left)?.count ?? 0;
  }
  return undefined;
}
