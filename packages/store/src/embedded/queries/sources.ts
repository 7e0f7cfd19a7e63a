/**
 * Indexes that can give the few rows a filter lets through: for each member of the filter that has one, a query for
 * ids. All of it is written when a bucket is born or its entries change, so that a hit pays nothing for it.
 * @module
 */
import type { RowFilter, RowState, Span } from '../../contract/queries.ts';
import { SEEN_STEP_MS, searchWords } from '../../listing.ts';
import type { Database } from '../sqlite/database.ts';
import { allOf, PROGRAM_NUMBER, spanTerms, type Term } from './row-conditions.ts';

/** A query for the ids of all rows that may fit; not every row it gives does, and one may come twice. */
export interface Source {
  readonly ids: Term;
  /** Every row it gives is in the module asked for: a bucket's problem need not be looked up to see it. */
  readonly settlesModule?: true;
}

/** Three letters that are looked for at once: the rarest; common ones cost much and leave no fewer rows. */
const SOUGHT_TRIGRAMS = 3;

/** How rare three letters are is seen from how far apart so many texts lie that have them. */
const SAMPLED_TEXTS = 200;

/** The sources for buckets, those that usually give least first. */
export function bucketSources(db: Database, filter: RowFilter): readonly Source[] {
  const problems = ofProblems(db, filter);
  return [
    ...one(filter.bucketId, (id) => ['SELECT ? AS id', id]),
    ...one(filter.problemId, (id) => ['SELECT bucket_id AS id FROM buckets WHERE problem_id = ?', id]),
    ...one(filter.originId, (id) => ['SELECT bucket_id AS id FROM totals WHERE origin_id = ?', id]),
    ...problems.map(
      ({ ids: [sql, ...values], ...settled }): Source => ({
        ids: [
          `SELECT b.bucket_id AS id FROM (${sql}) found
           CROSS JOIN buckets b INDEXED BY buckets_by_problem ON b.problem_id = found.id`,
          ...values,
        ],
        ...settled,
      }),
    ),
    ...ofVersion(filter, 'bucket_id'),
    ...ofState(filter.state, 'buckets', 'bucket_id'),
    ...ofCounts(filter, 'buckets', 'bucket_id'),
    ...one(filter.program, (name) => [
      `SELECT bucket_id AS id FROM buckets INDEXED BY buckets_by_program WHERE program = ${PROGRAM_NUMBER}`,
      name,
    ]),
  ];
}

/** The sources for problems. */
export function problemSources(db: Database, filter: RowFilter): readonly Source[] {
  const ofOrigin =
    'SELECT b.problem_id AS id FROM totals t CROSS JOIN buckets b ON b.bucket_id = t.bucket_id';
  return [
    ...one(filter.problemId, (id) => ['SELECT ? AS id', id]),
    ...one(filter.bucketId, (id) => ['SELECT problem_id AS id FROM buckets WHERE bucket_id = ?', id]),
    ...one(filter.originId, (id) => [`${ofOrigin} WHERE t.origin_id = ?`, id]),
    ...ofProblems(db, filter),
    ...ofVersion(filter, 'problem_id'),
    ...ofState(filter.state, 'problems', 'problem_id'),
    ...ofCounts(filter, 'problems', 'problem_id'),
    ...one(filter.program, (name) => [
      `SELECT problem_id AS id FROM problems INDEXED BY problems_by_program WHERE program = ${PROGRAM_NUMBER}`,
      name,
    ]),
  ];
}

/** What the texts of a problem say. */
function ofProblems(db: Database, filter: RowFilter): readonly Source[] {
  const words = matchOf(db, filter.text);
  return [
    ...one(words, (match) => [
      `SELECT n.problem_id AS id FROM problem_words CROSS JOIN problem_numbers n ON n.number = problem_words.rowid
       WHERE problem_words MATCH ?`,
      match,
    ]),
    ...one(filter.module, (module) => {
      const { sql, values } = allOf([['module = ?', module], ...programTerms(filter)]);
      return [`SELECT problem_id AS id FROM problems INDEXED BY problems_by_module WHERE ${sql}`, ...values];
    }).map((source): Source => ({ ...source, settlesModule: true })),
  ];
}

/** The rarest three letters in a row of all words, as the index has them; shorter words are not in it. */
function matchOf(db: Database, text: string | undefined): string | undefined {
  const trigrams = new Set<string>();
  for (const word of searchWords(text)) {
    const letters = [...word];
    for (let at = 0; at + 3 <= letters.length; at++) trigrams.add(letters.slice(at, at + 3).join(''));
  }
  // SQLite would take a NUL for the end of the text.
  const sought = [...trigrams].filter((three) => !three.includes('\0')).map((three) => quoted(three));
  const byRarity = sought
    .map((three) => ({ three, apart: spread(db, three) }))
    .sort((a, b) => b.apart - a.apart);
  const rarest = byRarity.slice(0, SOUGHT_TRIGRAMS);
  return rarest.map(({ three }) => three).join(' AND ') || undefined;
}

function quoted(three: string): string {
  return `"${three.replaceAll('"', '""')}"`;
}

/** The texts among which the first few hundred with these letters lie; all, where there are fewer. */
function spread(db: Database, match: string): number {
  const sql = `SELECT rowid AS number FROM problem_words WHERE problem_words MATCH ? LIMIT 1 OFFSET ${SAMPLED_TEXTS}`;
  return db.get<{ number: number }>(sql, match)?.number ?? Number.MAX_SAFE_INTEGER;
}

function ofVersion(filter: RowFilter, id: 'bucket_id' | 'problem_id'): readonly Source[] {
  return one(filter.programVersion, (version) => {
    const { sql, values } = allOf([['program_version = ?', version], ...programTerms(filter)]);
    return [`SELECT ${id} AS id FROM buckets INDEXED BY buckets_by_version WHERE ${sql}`, ...values];
  });
}

function programTerms(filter: RowFilter): readonly Term[] {
  return filter.program === undefined ? [] : [[`program = ${PROGRAM_NUMBER}`, filter.program]];
}

/** Nothing is kept of those without entries: they are the most. */
function ofState(state: RowState | undefined, table: string, id: string): readonly Source[] {
  if (state === undefined || state === 'counted') return [];
  return [{ ids: [`SELECT ${id} AS id FROM ${table} INDEXED BY ${table}_${state} WHERE ${state} > 0`] }];
}

function ofCounts(filter: RowFilter, table: string, id: string): readonly Source[] {
  const range = (span: Span | undefined, from: string, column: string): readonly Source[] => {
    const { sql, values } = allOf(spanTerms(span, column));
    return sql === 'true' ? [] : [{ ids: [`SELECT ${id} AS id FROM ${from} WHERE ${sql}`, ...values] }];
  };
  return [
    ...range(filter.firstSeen, `${table} INDEXED BY ${table}_by_birth`, 'first_seen'),
    ...range(minutesOf(filter.lastSeen), `seen_${table}`, 'minute'),
    ...range(filter.hits, `${table} INDEXED BY ${table}_by_hits`, 'hits'),
  ];
}

/** The minutes in which the span lies, at its ends only in part. */
export function minutesOf(span: Span | undefined): Span {
  return {
    ...(span?.from !== undefined && { from: Math.floor(span.from / SEEN_STEP_MS) }),
    ...(span?.before !== undefined && { before: Math.ceil(span.before / SEEN_STEP_MS) }),
  };
}

/** The one that gives the fewest, if none of them would have to give more than `most`. */
export function bestSource(db: Database, sources: readonly Source[], most: number): Source | undefined {
  let best: Source | undefined;
  let fewest = most + 1;
  for (const source of sources) {
    const [sql, ...values] = source.ids;
    const counted = `SELECT count(*) AS count FROM (SELECT 1 FROM (${sql}) LIMIT ${fewest})`;
    const { count = 0 } = db.get<{ count: number }>(counted, ...values) ?? {};
    if (count >= fewest) continue;
    best = source;
    fewest = count;
    if (count === 0) break;
  }
  return best;
}

function one<T>(value: T | undefined, ids: (value: T) => Term): readonly Source[] {
  return value === undefined ? [] : [{ ids: ids(value) }];
}
