/**
 * The one place that touches node:sqlite, whose class is being renamed. Statements are prepared once per SQL text.
 * @module
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';

export type SqlValue = null | number | string | Uint8Array;

/** A connection. Used by one thread; every call blocks it. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readonly readOnly?: boolean; readonly timeout?: number } = {}) {
    this.#db = new DatabaseSync(path, {
      readOnly: options.readOnly === true,
      timeout: options.timeout ?? 5_000,
      allowExtension: false,
    });
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Rows changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  get<Row extends object>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all<Row extends object>(sql: string, ...values: readonly SqlValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values) as unknown as readonly Row[];
  }

  /** Row by row, for what may not fit into memory or may not be readable to its end. */
  *each(sql: string): Generator<Readonly<Record<string, SqlValue>>> {
    for (const row of this.#prepare(sql).iterate()) yield row as Record<string, SqlValue>;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
