/**
 * Hits are durable after one row: all that arrive during a commit go as bytes into one row of the journal, and every
 * few thousand of them, or after some seconds, are added to the tables in one go. The journal is a table of the same
 * SQLite file, so that its rows and the tables can never be of different opinion.
 *
 *     (parcel) ──take──▶ in memory ──write, COMMIT──▶ in the journal ──apply, COMMIT──▶ in the tables
 *                            │                             ▲
 *                            └── the commit fails ─────────┴── reload: memory becomes what the journal holds
 *
 * - Acknowledged is what is in the journal: its commit is synced. What becomes of a hit is decided before, from memory
 *   and tables together: `report-ids.ts` knows every id, `shares.ts` every sum, journal included.
 * - `apply` adds to the tables and removes the rows in one transaction: a crash before its commit leaves the journal as
 *   it was, one after it the tables as they shall be. It need not be synced: until the next synced commit a power cut
 *   takes it back as a whole, with the rows where they were.
 * - At start, `reload` reads what a crash has left, and the next `apply` adds it.
 * - Each row carries a checksum, and rows are numbered without a gap: a row that is damaged or missing is not added but
 *   set aside and reported. Its hits are lost; totals do not run backwards, since they never had them.
 * - Readers add what the journal holds to what the tables say (`sqlite/overlay.ts`), and wait for `apply`, a second at the
 *   most, only where a flood has left much (`queries/ask-applied.ts`).
 *
 * @module
 */
import { LOST_ON_DISK } from '../../../contract/queries.ts';
import type { Database } from '../../sqlite/database.ts';
import { readOrigin } from '../../sqlite/origin.ts';
import { MAX_TOTAL, type Tally } from '../tally.ts';
import { heldTotal } from '../totals.ts';
import { applyHits, type PendingOutcomes } from './apply.ts';
import {
  CALL_BYTES,
  COUNTED,
  DUPLICATE,
  HIT_BYTES,
  type HitParcel,
  MALFORMED,
  REFUSED_MALFORMED,
  REFUSED_OVERFLOW,
} from './hit-parcel.ts';
import { type CallOutcomes, RowWriter, readRow, rowChecksum } from './journal-row.ts';
import { ReportIds } from './report-ids.ts';
import { type Share, Shares } from './shares.ts';

/** Hits after which they are applied: enough for most to fall on a bucket that is written anyway. */
export const APPLIED_HITS = 65_536;

/** A row that cannot be added. */
export interface DamagedRow {
  readonly seq: number;
  readonly content: Uint8Array;
}

export class Journal {
  readonly #db: Database;
  readonly #tally: Tally;
  /** Ids of everything counted. */
  readonly ids: ReportIds;
  readonly #shares = new Shares();
  readonly #row = new RowWriter();
  #outcomes: PendingOutcomes = emptyOutcomes();
  #lastReceived = 0;
  #acknowledged = 0;
  /** Number of the last row written. */
  #seq = 0;

  constructor(db: Database, tally: Tally) {
    this.#db = db;
    this.#tally = tally;
    this.ids = new ReportIds(db);
  }

  /** Hits, and calls without any, that are not in the tables. */
  get waiting(): number {
    return this.#outcomes.counted + this.#outcomes.calls;
  }

  /** Hits that were ever counted, and those that were lost afterwards. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Settles every hit of a parcel, in memory; buckets never seen get their rows. A byte for each hit. */
  take(parcel: HitParcel): Uint8Array {
    this.#shares.number(parcel.firstBucket, parcel.buckets);
    const bytes = Buffer.from(parcel.bytes.buffer, parcel.bytes.byteOffset, parcel.bytes.byteLength);
    const given: number[] = [];
    for (let at = 0; at < bytes.byteLength; ) {
      const receivedAt = bytes.readDoubleLE(at);
      const end = at + CALL_BYTES + HIT_BYTES * bytes.readUInt32LE(at + 8);
      const outcomes: CallOutcomes = { counted: 0, duplicate: 0, malformed: 0, overflow: 0 };
      this.#row.beginCall(receivedAt);
      for (at += CALL_BYTES; at < end; at += HIT_BYTES) {
        const settled = this.#settle(bytes, at, receivedAt);
        outcomes[OUTCOME[settled] ?? 'malformed'] += 1;
        given.push(settled);
      }
      this.#row.endCall(outcomes);
      this.#addCall(receivedAt, outcomes);
    }
    return Uint8Array.from(given);
  }

  /** Writes what was taken since the last row into one. */
  write(): void {
    if (this.#row.empty) return;
    const content = this.#row.bytes();
    this.#seq += 1;
    this.#db.run('INSERT INTO journal VALUES (?, ?, ?)', this.#seq, content, rowChecksum(this.#seq, content));
    this.#row.clear();
  }

  /** Adds everything taken to the tables, journaled or not yet, and empties the journal, of damaged rows too. */
  apply(evenIfNone = false): void {
    if (this.waiting === 0 && !evenIfNone) return;
    const shares = this.#shares.waiting();
    applyHits(this.#db, this.#tally, this.ids, {
      shares,
      outcomes: this.#outcomes,
      receivedAt: this.#lastReceived,
    });
    this.#db.run('DELETE FROM journal');
    this.#db.run("INSERT OR REPLACE INTO facts VALUES ('applied', ?)", this.#seq);
    this.#row.clear();
    this.#forgetPending();
    this.ids.trim();
    this.ids.forgetOld(this.#lastReceived);
  }

  /** After an own total has changed by other means. */
  forgetTotals(): void {
    this.#shares.forgetTotals();
  }

  /** Makes memory what the journal holds: at start, and after a transaction that was undone. Gives what it cannot add. */
  reload(): readonly DamagedRow[] {
    this.#row.clear();
    this.#forgetPending();
    this.#shares.reset();
    this.ids.reset();
    this.#seq = appliedRow(this.#db);
    this.#acknowledged = acknowledgedIn(this.#db);
    const damaged: DamagedRow[] = [];
    const rows = this.#db.all<{ seq: number; hits: Uint8Array; checksum: number }>(
      'SELECT * FROM journal ORDER BY seq',
    );
    for (const { seq, hits, checksum } of rows) {
      const sound = checksum === rowChecksum(seq, hits) && this.#knowsBuckets(hits) && this.#replay(hits);
      if (!sound) damaged.push({ seq, content: hits });
      else if (seq !== this.#seq + 1) damaged.push({ seq: seq - 1, content: new Uint8Array() });
      this.#seq = Math.max(this.#seq, seq);
    }
    return damaged;
  }

  #settle(bytes: Buffer, at: number, receivedAt: number): number {
    const number = bytes.readUInt32LE(at + 16);
    const share = number === MALFORMED ? undefined : this.#shares.numbered(number);
    if (!share) return REFUSED_MALFORMED;
    const program = this.#programOf(share, receivedAt);
    if (!this.ids.take(program, bytes, at)) return DUPLICATE;
    const count = bytes.readDoubleLE(at + 20);
    if (this.#totalOf(share, program) + count > MAX_TOTAL) {
      this.ids.giveBack(program, bytes, at);
      return REFUSED_OVERFLOW;
    }
    this.#row.addHit(bytes, at, share.idBytes, count);
    this.#add(share, program, bytes, at, count, receivedAt);
    return COUNTED;
  }

  #add(share: Share, program: number, bytes: Buffer, idAt: number, count: number, receivedAt: number): void {
    share.total = this.#totalOf(share, program) + count;
    this.#shares.count(share, count, receivedAt);
    this.ids.keep(program, bytes, idAt, receivedAt);
  }

  #addCall(receivedAt: number, { counted, duplicate, malformed, overflow }: Readonly<CallOutcomes>): void {
    this.#lastReceived = receivedAt;
    this.#outcomes.calls += 1;
    this.#outcomes.counted += counted;
    this.#acknowledged += counted;
    this.#outcomes.duplicate += duplicate;
    this.#outcomes.malformed += malformed;
    this.#outcomes.overflow += overflow;
  }

  #programOf(share: Share, receivedAt: number): number {
    if (share.program !== undefined) return share.program;
    if (share.named) this.#tally.know(share.named, receivedAt);
    const row = this.#db.get<{ program: number }>(
      'SELECT program FROM buckets WHERE bucket_id = ?',
      share.bucketId,
    );
    share.program = row?.program ?? 0;
    return share.program;
  }

  #totalOf(share: Share, program: number): number {
    share.total ??= heldTotal(this.#db, program, share.bucketId, readOrigin(this.#db)) ?? 0;
    return share.total;
  }

  /** A bucket's row is committed with the first journal row that names it; without it a hit has no place. */
  #knowsBuckets(content: Uint8Array): boolean {
    let all = true;
    const whole = readRow(content, {
      call: () => undefined,
      hit: (_bytes, _idAt, bucketId) => {
        all &&= this.#shareInTables(bucketId) !== undefined;
      },
    });
    return whole && all;
  }

  #shareInTables(bucketId: string): Share | undefined {
    const known = this.#shares.find(bucketId);
    if (known?.program !== undefined) return known;
    const sql = 'SELECT problem_id, program FROM buckets WHERE bucket_id = ?';
    const row = this.#db.get<{ problem_id: string; program: number }>(sql, bucketId);
    if (!row) return undefined;
    const share = this.#shares.found(bucketId, row.problem_id);
    share.program = row.program;
    return share;
  }

  #replay(content: Uint8Array): boolean {
    let receivedAt = 0;
    return readRow(content, {
      call: (at, outcomes) => {
        receivedAt = at;
        this.#addCall(at, outcomes);
      },
      hit: (bytes, idAt, bucketId, count) => {
        const share = this.#shareInTables(bucketId);
        if (share?.program === undefined) return;
        this.ids.take(share.program, bytes, idAt);
        this.#add(share, share.program, bytes, idAt, count, receivedAt);
      },
    });
  }

  #forgetPending(): void {
    this.#shares.settled();
    this.#outcomes = emptyOutcomes();
  }
}

/** By what becomes of a hit. */
const OUTCOME: readonly (keyof CallOutcomes)[] = ['counted', 'duplicate', 'malformed', 'overflow'];

function emptyOutcomes(): PendingOutcomes {
  return { calls: 0, counted: 0, duplicate: 0, malformed: 0, overflow: 0 };
}

function appliedRow(db: Database): number {
  return Number(db.get<{ value: number }>("SELECT value FROM facts WHERE name = 'applied'")?.value ?? 0);
}

/** Of what is in the tables. */
function acknowledgedIn(db: Database): number {
  const sql = `SELECT CAST(total(count) AS INTEGER) AS hits FROM outcomes
    WHERE kind = 'hits' AND (outcome = 'counted' OR (outcome = 'dropped' AND reason = '${LOST_ON_DISK}'))`;
  return db.get<{ hits: number }>(sql)?.hits ?? 0;
}
