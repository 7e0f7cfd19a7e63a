/**
 * A page of buckets or problems, for whatever filter, in bounded time. Either an index gives the few rows that may fit:
 * then all of them are looked at and put in order. Or there are many: then the list is walked in its order, so many rows
 * a call, until the page is full; it ends early with the place where the next call goes on.
 *
 * Rows the journal adds to are not where the tables have them: they are left out, looked at apart and put in their places.
 * @module
 */
import type { RowFilter, RowOrder } from '../../contract/queries.ts';
import { pageLimit, parsePlace, type RowPlace } from '../../listing.ts';
import type { Database } from '../sqlite/database.ts';
import { endOfWalk, stretches, type Walk } from './places.ts';
import { allOf, type Counts, PROGRAM_NUMBER, type Term } from './row-conditions.ts';
import { bestSource, minutesOf, type Source } from './sources.ts';

/** Rows that are put in order, or rows of a walk, in one call: some 20 ms either way. */
const SORTED = 3_000;
const WALKED = 1_500;

const MAX = Number.MAX_SAFE_INTEGER;
const SEEN_STEP_MS = 60_000;

/** What differs between lists of buckets and of problems. */
export interface ListKind {
  readonly table: 'buckets' | 'problems';
  /** The name of a row in SQL. */
  readonly row: 'b' | 'p';
  readonly id: 'bucket_id' | 'problem_id';
  readonly columns: string;
  readonly joined: string;
  /** What the journal adds, by `id`, as `more` and `last`. */
  readonly added: string;
  /** Gives a row where the journal adds to the list's row. */
  readonly isAdded: string;
  readonly terms: (filter: RowFilter, counts: Counts) => readonly Term[];
  readonly sources: (db: Database, filter: RowFilter) => readonly Source[];
}

/** What every row has, the journal's share included, beside its columns. */
export interface Listed {
  readonly list_rank: number;
  readonly list_id: string;
  readonly hits: number;
  readonly last_seen: number;
  readonly more: number | null;
  readonly last: number | null;
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly next: RowPlace | undefined;
}

export function listRows<Row extends Listed>(
  db: Database,
  kind: ListKind,
  filter: RowFilter,
  journaled: boolean,
): ListPage<Row> {
  return new Listing<Row>(db, kind, filter, journaled).page();
}

class Listing<Row extends Listed> {
  readonly #db: Database;
  readonly #kind: ListKind;
  readonly #filter: RowFilter;
  readonly #journaled: boolean;
  readonly #order: RowOrder;
  readonly #after: RowPlace | undefined;
  readonly #limit: number;

  constructor(db: Database, kind: ListKind, filter: RowFilter, journaled: boolean) {
    this.#db = db;
    this.#kind = kind;
    this.#filter = filter;
    this.#journaled = journaled;
    this.#order = filter.order ?? 'hits';
    this.#after = filter.after === undefined ? undefined : parsePlace(filter.after);
    this.#limit = pageLimit(filter);
  }

  page(): ListPage<Row> {
    const source = this.#isOneRange()
      ? undefined
      : bestSource(this.#db, this.#kind.sources(this.#db, this.#filter), SORTED);
    const end =
      source || this.#isOneRange() ? undefined : endOfWalk(this.#db, this.#walk(), this.#after, WALKED);
    const settled = source ? this.#sorted(source) : this.#walked(end);
    const added = this.#journaled ? this.#added(source, end) : [];
    const rows = added.length === 0 ? settled : [...settled, ...added].sort(byPlace);
    const shown = rows.slice(0, this.#limit);
    const last = shown.at(-1);
    const next = rows.length > shown.length && last ? { rank: last.list_rank, id: last.list_id } : end;
    return { rows: shown, next };
  }

  /** Whether an index has exactly these rows in exactly this order. */
  #isOneRange(): boolean {
    const { limit: _limit, after: _after, order: _order, program, ...others } = this.#filter;
    if (Object.values(others).some((other) => other !== undefined)) return false;
    return program === undefined || this.#walksProgram();
  }

  #walksProgram(): boolean {
    return this.#kind.table === 'buckets' && this.#order === 'hits' && this.#filter.program !== undefined;
  }

  /** Of all that are looked at only those shown are read whole. */
  #sorted({ ids: [source, ...values], settlesModule }: Source): readonly Row[] {
    const { table, row, id, joined } = this.#kind;
    const rank = this.#rank(row, countsOf(row));
    const { module: _seenTo, ...others } = this.#filter;
    const filter = settlesModule ? others : this.#filter;
    const terms = [...this.#kind.terms(filter, countsOf(row)), ...this.#settledTerms()];
    const { sql, values: wanted } = allOf([...terms, ...this.#behind(rank)]);
    return this.#db.all<Row>(
      `SELECT ${this.#columns('c.rank')}, NULL AS more, NULL AS last FROM (
         SELECT c.id, ${rank} AS rank
         FROM (SELECT DISTINCT id FROM (${source})) c CROSS JOIN ${table} ${row} ON ${row}.${id} = c.id ${this.#texts(filter)}
         WHERE ${sql} ORDER BY 2 DESC, 1 LIMIT ?
       ) c CROSS JOIN ${table} ${row} ON ${row}.${id} = c.id ${joined} ORDER BY list_rank DESC, list_id`,
      ...values,
      ...wanted,
      this.#limit + 1,
    );
  }

  /** What has the texts of a bucket, where the filter asks for them. */
  #texts({ module, text }: RowFilter): string {
    return this.#kind.row === 'b' && (module ?? text) !== undefined ? this.#kind.joined : '';
  }

  #walked(end: RowPlace | undefined): readonly Row[] {
    const { row, joined } = this.#kind;
    const walk = this.#walk();
    const { from, inOrder, rank, id, terms } = walk;
    const wanted = [...this.#kind.terms(this.#filter, countsOf(row)), ...this.#settledTerms(), ...terms];
    const rows: Row[] = [];
    for (const stretch of stretches(walk, this.#after, end)) {
      const { sql, values } = allOf([...wanted, ...stretch]);
      const columns = `${this.#columns(rank)}, NULL AS more, NULL AS last`;
      const sought = `SELECT ${columns} FROM ${from} ${inOrder} ${joined} WHERE ${sql} ORDER BY ${rank} DESC, ${id} LIMIT ?`;
      rows.push(...this.#db.all<Row>(sought, ...values, this.#limit + 1 - rows.length));
      if (rows.length > this.#limit) break;
    }
    return rows;
  }

  /** An index in the order of the list, and what it is joined with to have the rows themselves. */
  #walk(): Walk & { readonly inOrder: string } {
    const { table, row, id } = this.#kind;
    const { hits, firstSeen, lastSeen, program = '' } = this.#filter;
    const own = { inOrder: '', id: `${row}.${id}` };
    if (this.#order === 'last-seen') {
      const inOrder = `CROSS JOIN ${table} ${row} ON ${row}.${id} = s.${id}`;
      const span = minutesOf(lastSeen);
      return { from: `seen_${table} s`, inOrder, rank: 's.minute', id: `s.${id}`, terms: [], span };
    }
    if (this.#order === 'first-seen') {
      const rank = `${row}.first_seen`;
      return {
        ...own,
        from: `${table} ${row} INDEXED BY ${table}_by_birth`,
        rank,
        terms: [],
        span: firstSeen,
      };
    }
    const rank = `${row}.hits`;
    const inProgram: readonly Term[] = this.#walksProgram()
      ? [[`b.program = ${PROGRAM_NUMBER}`, program]]
      : [];
    const index = inProgram.length > 0 ? `${table}_by_program` : `${table}_by_hits`;
    return {
      ...own,
      from: `${table} ${row} INDEXED BY ${index}`,
      rank,
      terms: inProgram,
      span: hits,
    };
  }

  /** Those the journal adds to, as they are then; up to where the walk ends. Their texts are read last, of few. */
  #added(source: Source | undefined, end: RowPlace | undefined): readonly Row[] {
    const { table, row, id, joined, added } = this.#kind;
    const counts = countsWithJournal(row);
    const rank = this.#rank(row, counts);
    const upTo: readonly Term[] = end
      ? [[`${rank} > ? OR (${rank} = ? AND ${row}.${id} <= ?)`, end.rank, end.rank, end.id]]
      : [];
    // An index of counts and times has them as they are without the journal.
    const { hits, lastSeen } = this.#filter;
    const isSettled = (hits ?? lastSeen) === undefined;
    const amongThese: readonly Term[] =
      source && isSettled ? [[`j.id IN (SELECT id FROM (${source.ids[0]}))`, ...source.ids.slice(1)]] : [];
    const terms = [...amongThese, ...this.#kind.terms(this.#filter, counts), ...this.#behind(rank), ...upTo];
    const { sql, values } = allOf(terms);
    return this.#db.all<Row>(
      `SELECT ${this.#columns('j.rank')}, j.more, j.last FROM (
         SELECT j.id, j.more, j.last, ${rank} AS rank
         FROM (${added}) j CROSS JOIN ${table} ${row} ON ${row}.${id} = j.id ${this.#texts(this.#filter)}
         WHERE ${sql} ORDER BY 4 DESC, 1 LIMIT ?
       ) j CROSS JOIN ${table} ${row} ON ${row}.${id} = j.id ${joined}`,
      ...values,
      this.#limit + 1,
    );
  }

  #settledTerms(): readonly Term[] {
    if (!this.#journaled) return [];
    return [[`NOT EXISTS (${this.#kind.isAdded})`]];
  }

  #behind(rank: string): readonly Term[] {
    if (!this.#after) return [];
    const { rank: at, id } = this.#after;
    return [[`${rank} < ? OR (${rank} = ? AND ${this.#kind.row}.${this.#kind.id} > ?)`, at, at, id]];
  }

  #columns(rank: string): string {
    const { columns, row, id } = this.#kind;
    return `${columns}, ${rank} AS list_rank, ${row}.${id} AS list_id`;
  }

  #rank(row: string, counts: Counts): string {
    if (this.#order === 'hits') return counts.hits;
    return this.#order === 'first-seen' ? `${row}.first_seen` : `${counts.lastSeen} / ${SEEN_STEP_MS}`;
  }
}

/** Not for the ranges of an index: those are told apart. */
function countsOf(row: 'b' | 'p'): Counts {
  return { hits: `+${row}.hits`, firstSeen: `+${row}.first_seen`, lastSeen: `+${row}.last_seen` };
}

function countsWithJournal(row: 'b' | 'p'): Counts {
  return {
    hits: `min(${row}.hits + j.more, ${MAX})`,
    firstSeen: `${row}.first_seen`,
    lastSeen: `max(${row}.last_seen, j.last)`,
  };
}

function byPlace(a: Listed, b: Listed): number {
  return b.list_rank - a.list_rank || (a.list_id < b.list_id ? -1 : 1);
}

/** The counts as they are with the journal. */
export function withAdded<Row extends Listed>(row: Row): Row {
  return {
    ...row,
    hits: Math.min(MAX, row.hits + (row.more ?? 0)),
    last_seen: Math.max(row.last_seen, row.last ?? 0),
  };
}
