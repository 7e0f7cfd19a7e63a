/**
 * Whether a report was counted before: per program and report id, exactly, for 45 days at least. All ids are in a
 * table; asking it for every hit would cost more than counting. So the ids of a short stretch of time, by the time in
 * the id, are kept in memory: a *window* of which the table held nothing when it was opened here is known whole, and
 * an id that is not in it is new without a look. Of any other window, an id that is not in memory is looked up.
 *
 * The time in an id is only where it is looked for: wrong or invented, it costs a look and changes no answer.
 * @module
 */
import type { Database } from '../../sqlite/database.ts';

const DAY = 24 * 60 * 60 * 1_000;

/** Ids lie in the table by the week they were received in, so that old ones are at its beginning. */
const PERIOD_MS = 7 * DAY;

/** Ids are promised to be kept for 45 days; six more make room for a clock that was wrong. */
const LIFE_MS = 51 * DAY;

/** Old ids are removed a part at a time, so that no one waits for all of them. */
const FORGOTTEN_AT_ONCE = 5_000;

/** About 100 bytes each. Windows are given up beyond it, the longest open first. */
const REMEMBERED_IDS = 150_000;
const REMEMBERED_WINDOWS = 20_000;

/** 2^13 ms by the first 48 bits of an id, which are milliseconds. */
const WINDOW_MS = 8_192;

/** Ids of one program and period, one behind the other. */
interface KeptIds {
  readonly period: number;
  readonly program: number;
  ids: Buffer;
  count: number;
}

interface Window {
  /** The table has nothing of it that is not in here. */
  readonly whole: boolean;
  readonly ids: Set<string>;
}

export class ReportIds {
  readonly #db: Database;
  readonly #windows = new Map<number, Map<number, Window>>();
  readonly #kept = new Map<number, KeptIds>();
  #periods: Set<number>;
  /** Windows by program and number, the longest open first. */
  #opened: (readonly [number, number])[] = [];
  #count = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#periods = livePeriods(db);
  }

  /** Remembers an id; false when it was known already. It has to be kept or given back. */
  take(program: number, bytes: Buffer, at: number): boolean {
    const id = bytes.toString('latin1', at, at + 16);
    const window = this.#window(program, bytes.readUIntBE(at, 6));
    if (window.ids.has(id)) return false;
    if (!window.whole && this.#isInTable(program, bytes.subarray(at, at + 16))) return false;
    window.ids.add(id);
    this.#count += 1;
    return true;
  }

  /** An id that was refused after all. */
  giveBack(program: number, bytes: Buffer, at: number): void {
    if (this.#window(program, bytes.readUIntBE(at, 6)).ids.delete(bytes.toString('latin1', at, at + 16)))
      this.#count -= 1;
  }

  /** Puts an id among those that go into the table next. */
  keep(program: number, bytes: Uint8Array, at: number, receivedAt: number): void {
    const period = Math.floor(receivedAt / PERIOD_MS);
    const key = period * 2 ** 32 + program;
    const kept = this.#kept.get(key) ?? { period, program, ids: Buffer.allocUnsafe(16 * 64), count: 0 };
    this.#kept.set(key, kept);
    if (16 * kept.count === kept.ids.byteLength) kept.ids = Buffer.concat([kept.ids, kept.ids]);
    for (let place = 0; place < 16; place++) kept.ids[16 * kept.count + place] = bytes[at + place] ?? 0;
    kept.count += 1;
  }

  /** Writes those kept into the table, all of a program with one statement. */
  store(): void {
    for (const { period, program, ids, count } of this.#kept.values()) {
      this.#periods.add(period);
      this.#db.run(
        `WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place LIMIT ?)
         INSERT OR IGNORE INTO report_ids SELECT ?, ?, substr(?, at, 16) FROM place`,
        count,
        period,
        program,
        ids,
      );
    }
    this.#kept.clear();
  }

  /** Makes room. Only while every id taken is in the table. */
  trim(): void {
    let given = 0;
    while (this.#count > REMEMBERED_IDS || this.#opened.length - given > REMEMBERED_WINDOWS) {
      const [program = 0, number = 0] = this.#opened[given++] ?? [];
      this.#count -= this.#windows.get(program)?.get(number)?.ids.size ?? 0;
      this.#windows.get(program)?.delete(number);
    }
    this.#opened = this.#opened.slice(given);
  }

  /** Removes some of the ids that nobody can send any more. Only while every id taken is in the table. */
  forgetOld(receivedAt: number): void {
    const oldest = Math.floor((receivedAt - LIFE_MS) / PERIOD_MS);
    if (![...this.#periods].some((period) => period < oldest)) return;
    this.#db.run(
      `DELETE FROM report_ids WHERE (period, program, report_id) IN
         (SELECT period, program, report_id FROM report_ids WHERE period < ? LIMIT ${FORGOTTEN_AT_ONCE})`,
      oldest,
    );
    this.reset();
  }

  /** Forgets what was learned in a transaction that was undone. */
  reset(): void {
    this.#windows.clear();
    this.#kept.clear();
    this.#count = 0;
    this.#opened = [];
    this.#periods = livePeriods(this.#db);
  }

  #window(program: number, time: number): Window {
    const number = Math.floor(time / WINDOW_MS);
    const windows = this.#windows.get(program) ?? new Map<number, Window>();
    const known = windows.get(number);
    if (known) return known;
    this.#windows.set(program, windows);
    const window = { whole: !this.#hasAny(program, number), ids: new Set<string>() };
    windows.set(number, window);
    this.#opened.push([program, number]);
    return window;
  }

  #hasAny(program: number, number: number): boolean {
    const [from, to] = [Buffer.alloc(16), Buffer.alloc(16)];
    from.writeUIntBE(number * WINDOW_MS, 0, 6);
    to.writeUIntBE((number + 1) * WINDOW_MS - 1, 0, 6);
    to.fill(255, 6);
    for (const period of this.#periods) {
      const sql =
        'SELECT 1 FROM report_ids WHERE period = ? AND program = ? AND report_id BETWEEN ? AND ? LIMIT 1';
      if (this.#db.get(sql, period, program, from, to)) return true;
    }
    return false;
  }

  #isInTable(program: number, id: Uint8Array): boolean {
    for (const period of this.#periods) {
      const sql = 'SELECT 1 FROM report_ids WHERE period = ? AND program = ? AND report_id = ?';
      if (this.#db.get(sql, period, program, id)) return true;
    }
    return false;
  }
}

/** One look each, however many ids there are. */
function livePeriods(db: Database): Set<number> {
  const periods = new Set<number>();
  let after = Number.NEGATIVE_INFINITY;
  for (;;) {
    const sql = 'SELECT period FROM report_ids WHERE period > ? ORDER BY period LIMIT 1';
    const next = db.get<{ period: number }>(sql, Math.max(after, Number.MIN_SAFE_INTEGER))?.period;
    if (next === undefined) return periods;
    periods.add(next);
    after = next;
  }
}
