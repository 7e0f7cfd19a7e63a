/**
 * Many writes, one transaction: each in a savepoint, so that one that fails takes no other with it; what the disk
 * refuses fails for all. Nothing is replied before the commit is durable. Hits go into the journal, see
 * `journal/journal.ts`.
 * @module
 */
import { LOST_ON_DISK } from '../../contract/queries.ts';
import { type Acknowledged, type AcknowledgedFile, missingFrom } from '../folder/acknowledged.ts';
import { checkFile, checkNumber, type Fence } from '../folder/fence.ts';
import type { Database } from '../sqlite/database.ts';
import { rederiveSums } from '../sqlite/derived.ts';
import { type Fault, faultOf } from '../sqlite/fault.ts';
import { APPLIED_HITS, type DamagedRow, Journal } from './journal/journal.ts';
import { Tally } from './tally.ts';
import type { WriteOrder, WriteReply } from './write.ts';
import {
  decideDemand,
  deleteSettings,
  putDemand,
  quoteBuckets,
  replaceDemands,
  writeSetting,
} from './write-demands.ts';
import { dropEntry, markEntry, reindexEntry, storeEntry } from './write-entries.ts';
import { mergeTotals, openEpoch, recordDrops } from './write-hits.ts';
import { writeTouched } from './write-touched.ts';

/** When nothing can be applied, so many hits are held in memory; then no more are taken. */
const MAX_WAITING = 4 * APPLIED_HITS;

/** Pages of the log before they go into the file, once the disk was full. */
const TIGHT_CHECKPOINT_PAGES = 32;

export class GroupCommit {
  readonly #db: Database;
  readonly #path: string;
  readonly #fence: Fence;
  readonly #tally: Tally;
  readonly #journal: Journal;
  readonly #acknowledged: AcknowledgedFile;
  /** Transactions with anything but hits in them. */
  #changes: number;
  /** After a failed sync nothing is written any more: what the next one would promise is not known. Nor without the folder. */
  #failed: Fault | undefined;
  /** Why the journal could not be applied the last time. */
  #applyFault: Fault | undefined;

  constructor(db: Database, path: string, fence: Fence, acknowledged: AcknowledgedFile) {
    this.#db = db;
    this.#path = path;
    this.#fence = fence;
    this.#tally = new Tally(db);
    this.#journal = new Journal(db, this.#tally);
    this.#acknowledged = acknowledged;
    this.#changes = changesIn(db);
  }

  /**
   * Adds to the tables what a crash has left in the journal. `setAside` is told what cannot be added, before it is gone.
   * Gives what was acknowledged once and is missing: from now on it is counted as lost, and totals begin a new epoch, since
   * those told upstream may have been higher.
   */
  recover(
    said: Acknowledged,
    setAside: (rows: readonly DamagedRow[]) => void,
    now: number,
  ): Acknowledged | undefined {
    const damaged = this.#journal.reload();
    if (damaged.length > 0) setAside(damaged);
    this.apply(damaged.length > 0);
    const missing = missingFrom(this.#held(), said);
    if (!missing || this.#noteLost(missing, now)) this.#acknowledged.write(this.#held());
    return missing;
  }

  #held(): Acknowledged {
    return { hits: this.#journal.acknowledged, changes: this.#changes };
  }

  /** False where that cannot be written now: the store starts all the same, and it has been said. */
  #noteLost({ hits, changes }: Acknowledged, now: number): boolean {
    try {
      this.#db.run('BEGIN IMMEDIATE');
      checkNumber(this.#db, this.#fence);
      if (hits > 0) this.#tally.count('hits', 'dropped', LOST_ON_DISK, hits);
      const all = addChanges(this.#db, changes);
      openEpoch(this.#db, now);
      this.#db.run('COMMIT');
      this.#changes = all;
      this.#journal.reload();
      return true;
    } catch (cause) {
      this.#undo(cause);
      return false;
    }
  }

  /** How much waits in the journal: `all`: it is time to apply it; `some`: there is no hurry. */
  get journaled(): 'all' | 'some' | 'none' {
    if (this.#journal.waiting === 0) return 'none';
    return this.#journal.waiting >= APPLIED_HITS && !this.#applyFault ? 'all' : 'some';
  }

  commit(orders: readonly WriteOrder[], again = false): readonly WriteReply[] {
    if (this.#failed) return refuseAll(orders, this.#failed);
    try {
      this.#db.run('BEGIN IMMEDIATE');
      checkNumber(this.#db, this.#fence);
      const replies = orders.map((order) => this.#perform(order));
      this.#journal.write();
      const changes = orders.some(changesMore) ? addChanges(this.#db, 1) : this.#changes;
      this.#db.run('COMMIT');
      checkFile(this.#path, this.#fence);
      this.#changes = changes;
      this.#acknowledged.write(this.#held());
      return replies;
    } catch (cause) {
      const fault = this.#undo(cause);
      if (fault.code === 'storage-full' && !again && this.#beginLogAnew()) return this.commit(orders, true);
      return refuseAll(orders, fault);
    }
  }

  /**
   * A write-ahead log all of which lies in the file is written from its start again, where it has its room already. From
   * now on that is often, so that the log does not take what the file will need; until the next start.
   */
  #beginLogAnew(): boolean {
    try {
      this.#db.exec(`PRAGMA wal_autocheckpoint = ${TIGHT_CHECKPOINT_PAGES}`);
      return this.#db.get<{ busy: number }>('PRAGMA wal_checkpoint(RESTART)')?.busy === 0;
    } catch {
      return false;
    }
  }

  /** Moves the journal into the tables. Not synced: see the journal's life. A failure changes nothing; it is tried again. */
  apply(evenIfNone = false): void {
    if (this.#failed || (this.#journal.waiting === 0 && !evenIfNone)) return;
    try {
      this.#db.exec('PRAGMA synchronous = NORMAL');
      this.#db.run('BEGIN IMMEDIATE');
      checkNumber(this.#db, this.#fence);
      this.#journal.apply(evenIfNone);
      this.#db.run('COMMIT');
      this.#applyFault = undefined;
      this.#acknowledged.sync();
    } catch (cause) {
      this.#applyFault = this.#undo(cause);
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Moves the whole log into the file, and cuts it off. Where a reader is in the way it stays as it is. */
  rest(): void {
    if (this.#failed) return;
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault.lasting) this.#failed = { ...fault, code: 'read-only' };
    }
  }

  #perform(order: WriteOrder): WriteReply {
    if (order.kind === 'record') return this.#record(order);
    if (NEEDS_TABLES.has(order.kind)) this.#journal.apply();
    this.#db.run('SAVEPOINT one');
    try {
      const give = perform(this.#db, this.#tally, this.#journal, order);
      this.#db.run('RELEASE one');
      return { id: order.id, give };
    } catch (cause) {
      const fault = faultOf(cause);
      // An id of drops is in memory already; with the whole transaction undone, memory is made anew.
      if (fault.whole || order.kind === 'recordDrops') throw cause;
      this.#db.exec('ROLLBACK TO one; RELEASE one');
      this.#tally.reset();
      return { id: order.id, fault };
    }
  }

  #record(order: Extract<WriteOrder, { readonly kind: 'record' }>): WriteReply {
    if (this.#applyFault && this.#journal.waiting >= MAX_WAITING)
      return { id: order.id, fault: this.#applyFault };
    return { id: order.id, give: this.#journal.take(order.take) };
  }

  #undo(cause: unknown): Fault {
    const fault = faultOf(cause);
    if (fault.lasting) this.#failed = { ...fault, code: 'read-only' };
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // SQLite has undone it by itself already.
    }
    try {
      this.#tally.reset();
      this.#journal.reload();
    } catch (again) {
      this.#failed ??= { ...faultOf(again), lasting: true, code: 'read-only' };
    }
    return fault;
  }
}

/** What these do depends on what was counted, or changes what it is counted under. */
const NEEDS_TABLES: ReadonlySet<WriteOrder['kind']> = new Set([
  'apply',
  'recordDrops',
  'merge',
  'openEpoch',
  'rederive',
]);

function changesMore({ kind }: WriteOrder): boolean {
  return kind !== 'record' && kind !== 'apply';
}

function addChanges(db: Database, added: number): number {
  const sql = `INSERT INTO facts VALUES ('changes', ?)
    ON CONFLICT DO UPDATE SET value = value + excluded.value RETURNING value`;
  return Number(db.get<{ value: number }>(sql, added)?.value);
}

function changesIn(db: Database): number {
  return Number(db.get<{ value: number }>("SELECT value FROM facts WHERE name = 'changes'")?.value ?? 0);
}

function refuseAll(orders: readonly WriteOrder[], fault: Fault): readonly WriteReply[] {
  return orders.map(({ id }) => ({ id, fault }));
}

function perform(
  db: Database,
  tally: Tally,
  journal: Journal,
  order: Exclude<WriteOrder, { readonly kind: 'record' }>,
): unknown {
  switch (order.kind) {
    case 'apply':
      return undefined;
    case 'recordDrops':
      return recordDrops(tally, journal.ids, order.take);
    case 'merge':
      journal.forgetTotals();
      return mergeTotals(db, tally, order.take);
    case 'openEpoch':
      journal.forgetTotals();
      return openEpoch(db, order.take.now);
    case 'storeEntry':
      return storeEntry(db, tally, order.take);
    case 'reindexEntry':
      return reindexEntry(db, order.take);
    case 'markEntry':
      return markEntry(db, tally, order.take);
    case 'dropEntry':
      return dropEntry(db, tally, order.take);
    case 'touch':
      return writeTouched(db, order.take);
    case 'count':
      for (const [outcome, reason] of order.take.outcomes) tally.count(order.take.of, outcome, reason);
      return undefined;
    case 'putDemand':
      return putDemand(db, order.take);
    case 'replaceDemands':
      return replaceDemands(db, order.take);
    case 'quoteBuckets':
      return quoteBuckets(db, order.take);
    case 'decideDemand':
      return decideDemand(db, order.take);
    case 'writeSetting':
      return writeSetting(db, order.take);
    case 'deleteSettings':
      return deleteSettings(db, order.take);
    case 'rederive':
      return rederiveSums(db);
  }
}
