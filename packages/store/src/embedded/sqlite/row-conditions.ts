import type { RowFilter } from '../../contract/queries.ts';
import { parsePlace, searchWords } from '../../listing.ts';
import type { SqlValue } from './database.ts';

/** SQL that is true for the rows wanted, with the values for its `?`; text from outside is only ever a value. */
export interface Conditions {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Conditions on a bucket `b` and its problem `p`; `true` when everything fits. */
export function bucketConditions(filter: RowFilter): Conditions {
  const terms: (readonly [string, SqlValue])[] = [];
  if (filter.program !== undefined)
    terms.push(['b.program = (SELECT program FROM programs WHERE name = ?)', filter.program]);
  if (filter.bucketId !== undefined) terms.push(['b.bucket_id = ?', filter.bucketId]);
  if (filter.problemId !== undefined) terms.push(['b.problem_id = ?', filter.problemId]);
  if (filter.originId !== undefined) {
    const totals = 'SELECT 1 FROM totals t WHERE t.program = b.program AND t.bucket_id = b.bucket_id';
    terms.push([`EXISTS (${totals} AND t.origin_id = ?)`, filter.originId]);
  }
  for (const word of searchWords(filter.text)) terms.push(['instr(p.search, ?) > 0', word]);
  const sql = terms.map(([term]) => term).join(' AND ') || 'true';
  return { sql, values: terms.map(([, value]) => value) };
}

/** Adds where the page starts, in a list that is ordered by `rank` falling and then by `id`. */
export function pageConditions(
  conditions: Conditions,
  filter: RowFilter,
  rank: string,
  id: string,
): Conditions {
  if (filter.after === undefined) return conditions;
  const place = parsePlace(filter.after);
  return {
    sql: `${conditions.sql} AND ${rank} <= ? AND (${rank} < ? OR ${id} > ?)`,
    values: [...conditions.values, place.rank, place.rank, place.id],
  };
}
