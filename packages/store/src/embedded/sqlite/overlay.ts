/**
 * What the journal holds, summed up beside the tables of a reading connection, so that a question finds every hit that
 * was acknowledged without waiting for the writer. Kept in temporary tables of that connection, and brought up to date
 * inside the transaction of the question: journal and tables are of one moment.
 * @module
 */
import { readRow, rowChecksum } from '../writer/journal/journal-row.ts';
import type { Database } from './database.ts';

const TABLES = `
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE journaled (
  bucket_id TEXT NOT NULL, minute INTEGER NOT NULL, hits INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  PRIMARY KEY (bucket_id, minute)
) STRICT, WITHOUT ROWID;
CREATE TEMP TABLE journaled_outcomes (
  outcome TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (outcome, reason)
) STRICT, WITHOUT ROWID;
`;

const MINUTE_MS = 60_000;

interface Extent {
  readonly first: number | null;
  readonly last: number | null;
}

export class Overlay {
  readonly #db: Database;
  #seen: Extent = { first: null, last: null };

  constructor(db: Database) {
    this.#db = db;
    db.exec(TABLES);
  }

  /** Inside a transaction. False: the tables say everything. */
  refresh(): boolean {
    const now = this.#db.get<Extent>('SELECT min(seq) AS first, max(seq) AS last FROM journal');
    const { first = null, last = null } = now ?? {};
    if (first !== this.#seen.first || (last ?? 0) < (this.#seen.last ?? 0)) this.clear();
    if (last !== this.#seen.last) this.#add(this.#seen.last ?? -1);
    this.#seen = { first, last };
    return first !== null;
  }

  /** After a transaction that was undone. */
  clear(): void {
    this.#db.exec('DELETE FROM journaled; DELETE FROM journaled_outcomes');
    this.#seen = { first: null, last: null };
  }

  #add(after: number): void {
    const rows = this.#db.all<{ seq: number; hits: Uint8Array; checksum: number }>(
      'SELECT * FROM journal WHERE seq > ? ORDER BY seq',
      after,
    );
    for (const { seq, hits, checksum } of rows) if (checksum === rowChecksum(seq, hits)) this.#addRow(hits);
  }

  #addRow(content: Uint8Array): void {
    let at = 0;
    const sums = new Map<string, { readonly minute: number; hits: number; lastSeen: number }>();
    readRow(content, {
      call: (receivedAt, { counted, duplicate, malformed, overflow }) => {
        at = receivedAt;
        this.#count('received', '', counted + duplicate + malformed + overflow);
        this.#count('counted', '', counted);
        this.#count('duplicate', '', duplicate);
        this.#count('refused', 'malformed', malformed);
        this.#count('refused', 'overflow', overflow);
      },
      hit: (_bytes, _idAt, bucketId, count) => {
        const minute = Math.floor(at / MINUTE_MS);
        const key = `${bucketId}${minute}`;
        const sum = sums.get(key) ?? { minute, hits: 0, lastSeen: 0 };
        sum.hits += count;
        sum.lastSeen = Math.max(sum.lastSeen, at);
        sums.set(key, sum);
      },
    });
    for (const [key, { minute, hits, lastSeen }] of sums)
      this.#db.run(
        `INSERT INTO journaled VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET hits = hits + excluded.hits, last_seen = max(last_seen, excluded.last_seen)`,
        key.slice(0, 27),
        minute,
        hits,
        lastSeen,
      );
  }

  #count(outcome: string, reason: string, count: number): void {
    if (count === 0) return;
    this.#db.run(
      'INSERT INTO journaled_outcomes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
      outcome,
      reason,
      count,
    );
  }
}
