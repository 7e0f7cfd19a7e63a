/**
 * Many writes, one transaction: each in a savepoint, so that one that fails takes no other with it; what the disk
 * refuses fails for all. Nothing is replied before the commit is durable.
 * @module
 */
import { checkFile, checkNumber, type Fence } from '../folder/fence.ts';
import type { Database } from '../sqlite/database.ts';
import { rederiveSums } from '../sqlite/derived.ts';
import { type Fault, faultOf } from '../sqlite/fault.ts';
import { Tally } from './tally.ts';
import type { WriteOrder, WriteReply } from './write.ts';
import { decideDemand, putDemand, replaceDemands, writeSetting } from './write-demands.ts';
import { dropEntry, markEntry, storeEntry } from './write-entries.ts';
import { mergeTotals, openEpoch, recordDrops, recordHits } from './write-hits.ts';

export class GroupCommit {
  readonly #db: Database;
  readonly #path: string;
  readonly #fence: Fence;
  readonly #tally: Tally;
  /** After a failed sync nothing is written any more: what the next one would promise is not known. Nor without the folder. */
  #failed: Fault | undefined;

  constructor(db: Database, path: string, fence: Fence) {
    this.#db = db;
    this.#path = path;
    this.#fence = fence;
    this.#tally = new Tally(db);
  }

  commit(orders: readonly WriteOrder[]): readonly WriteReply[] {
    if (this.#failed) return refuseAll(orders, this.#failed);
    try {
      this.#db.run('BEGIN IMMEDIATE');
      checkNumber(this.#db, this.#fence);
      const replies = orders.map((order) => this.#apply(order));
      this.#db.run('COMMIT');
      checkFile(this.#path, this.#fence);
      return replies;
    } catch (cause) {
      return refuseAll(orders, this.#undo(cause));
    }
  }

  #apply(order: WriteOrder): WriteReply {
    this.#db.run('SAVEPOINT one');
    try {
      const give = perform(this.#db, this.#tally, order);
      this.#db.run('RELEASE one');
      return { id: order.id, give };
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault.whole) throw cause;
      this.#db.exec('ROLLBACK TO one; RELEASE one');
      this.#tally.reset();
      return { id: order.id, fault };
    }
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
    } catch (again) {
      this.#failed ??= { ...faultOf(again), lasting: true, code: 'read-only' };
    }
    return fault;
  }
}

function refuseAll(orders: readonly WriteOrder[], fault: Fault): readonly WriteReply[] {
  return orders.map(({ id }) => ({ id, fault }));
}

function perform(db: Database, tally: Tally, order: WriteOrder): unknown {
  switch (order.kind) {
    case 'record':
      return recordHits(db, tally, order.take);
    case 'recordDrops':
      return recordDrops(db, tally, order.take);
    case 'merge':
      return mergeTotals(db, tally, order.take);
    case 'openEpoch':
      return openEpoch(db, order.take.now);
    case 'storeEntry':
      return storeEntry(db, tally, order.take);
    case 'markEntry':
      return markEntry(db, tally, order.take);
    case 'dropEntry':
      return dropEntry(db, tally, order.take);
    case 'count':
      for (const [outcome, reason] of order.take.outcomes) tally.count(order.take.of, outcome, reason);
      return undefined;
    case 'putDemand':
      return putDemand(db, order.take);
    case 'replaceDemands':
      return replaceDemands(db, order.take);
    case 'decideDemand':
      return decideDemand(db, order.take);
    case 'writeSetting':
      return writeSetting(db, order.take);
    case 'rederive':
      return rederiveSums(db);
  }
}
