/**
 * Filters as SQL that is true for the rows wanted, with the values for its `?`; text from outside is only ever a value.
 * @module
 */
import type { RowFilter, RowState, Span } from '../../contract/queries.ts';
import { searchWords } from '../../listing.ts';
import type { SqlValue } from '../sqlite/database.ts';

export interface Conditions {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** One term of several that must all be true. */
export type Term = readonly [sql: string, ...values: SqlValue[]];

export function allOf(terms: readonly Term[]): Conditions {
  return {
    sql: terms.map(([sql]) => `(${sql})`).join(' AND ') || 'true',
    values: terms.flatMap(([, ...values]) => values),
  };
}

/** What a row's hits and times are, in SQL: as in the tables, or with what the journal adds. */
export interface Counts {
  readonly hits: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export const PROGRAM_NUMBER = '(SELECT program FROM programs WHERE name = ?)';

/** For a bucket `b` of a problem `p`. */
export function bucketTerms(filter: RowFilter, counts: Counts): readonly Term[] {
  return [
    ...given(filter.program, (name) => [`b.program = ${PROGRAM_NUMBER}`, name]),
    ...given(filter.module, (name) => ['p.module = ?', name]),
    ...given(filter.problemId, (id) => ['b.problem_id = ?', id]),
    ...bucketOnlyTerms(filter),
    ...textTerms(filter),
    ...countTerms(filter, counts),
    ...stateTerms(filter.state, 'b'),
  ];
}

/** For a problem `p`. */
export function problemTerms(filter: RowFilter, counts: Counts): readonly Term[] {
  const ofOne = allOf(bucketOnlyTerms(filter));
  // Named, or SQLite looks through all buckets of a version for each problem.
  const ofProblem = 'buckets b INDEXED BY buckets_by_problem WHERE b.problem_id = p.problem_id';
  const someBucket = `EXISTS (SELECT 1 FROM ${ofProblem} AND ${ofOne.sql})`;
  return [
    ...given(filter.program, (name) => [`p.program = ${PROGRAM_NUMBER}`, name]),
    ...given(filter.module, (name) => ['p.module = ?', name]),
    ...given(filter.problemId, (id) => ['p.problem_id = ?', id]),
    ...(ofOne.sql === 'true' ? [] : [[someBucket, ...ofOne.values] as const]),
    ...textTerms(filter),
    ...countTerms(filter, counts),
    ...stateTerms(filter.state, 'p'),
  ];
}

/** For an entry `e`, apart from what its bucket must be. */
export function entryTerms({ state, stored }: RowFilter): readonly Term[] {
  return [...given(state, (name): Term => ['e.state = ?', name]), ...spanTerms(stored, '+e.stored_at')];
}

export function spanTerms(
  span: { readonly [bound in keyof Span]?: number | undefined } | undefined,
  sql: string,
): readonly Term[] {
  return [
    ...given(span?.from, (from) => [`${sql} >= ?`, from]),
    ...given(span?.before, (before) => [`${sql} < ?`, before]),
  ];
}

function bucketOnlyTerms(filter: RowFilter): readonly Term[] {
  const totals = 'SELECT 1 FROM totals t WHERE t.program = b.program AND t.bucket_id = b.bucket_id';
  return [
    ...given(filter.bucketId, (id) => ['b.bucket_id = ?', id]),
    ...given(filter.programVersion, (version) => ['b.program_version = ?', version]),
    ...given(filter.originId, (id) => [`EXISTS (${totals} AND t.origin_id = ?)`, id]),
  ];
}

function textTerms(filter: RowFilter): readonly Term[] {
  return searchWords(filter.text).map((word) => ['instr(p.search, ?) > 0', word]);
}

function countTerms(filter: RowFilter, counts: Counts): readonly Term[] {
  return [
    ...spanTerms(filter.hits, counts.hits),
    ...spanTerms(filter.firstSeen, counts.firstSeen),
    ...spanTerms(filter.lastSeen, counts.lastSeen),
  ];
}

function stateTerms(state: RowState | undefined, row: 'b' | 'p'): readonly Term[] {
  if (state === undefined) return [];
  return state === 'counted' ? [[`${row}.pending = 0 AND ${row}.uploaded = 0`]] : [[`${row}.${state} > 0`]];
}

function given<T>(value: T | undefined, term: (value: T) => Term): readonly Term[] {
  return value === undefined ? [] : [term(value)];
}
