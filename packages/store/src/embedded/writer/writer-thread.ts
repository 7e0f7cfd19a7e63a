/**
 * The thread that owns the only writing connection, so that a slow disk never freezes the thread that serves. At
 * once when idle; whatever arrives during a commit forms the next. Replies first, then moves hits from the journal
 * to the tables where it is time. Imports nothing from other packages, so that it starts from source and from a build
 * alike.
 * @module
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { LOST_ON_DISK } from '../../contract/queries.ts';
import { type Acknowledged, AcknowledgedFile, readAcknowledged } from '../folder/acknowledged.ts';
import { type Fence, takeFence } from '../folder/fence.ts';
import { Database } from '../sqlite/database.ts';
import { faultOf } from '../sqlite/fault.ts';
import { migrate } from '../sqlite/migrate.ts';
import { createSchema, schemaVersion } from '../sqlite/schema.ts';
import { GroupCommit } from './group-commit.ts';
import type { DamagedRow } from './journal/journal.ts';
import type { WriteOrder, WriterMessage, WriterSetup } from './write.ts';

/** Writes in one transaction at the most, and the bytes after which no further one joins. */
const GROUP_WRITES = 1_000;
const GROUP_BYTES = 1024 * 1024;

/** Pages kept in memory: enough for the busy part of 100,000 buckets; SQLite's own 2 MiB cost twice the time. */
const CACHE_KIB = 32 * 1024;

/**
 * Pages of the write-ahead log before they go into the file: a page that is written often goes there once. 6.5 MB: with
 * a fourth more, a million hits in 1,000 buckets do not fit below 64 MB while they are served.
 */
const CHECKPOINT_PAGES = 1_600;

/**
 * Hits stay in the journal so long at the most, while the disk takes them: few hits a second, too, fall on buckets that
 * are written anyway.
 */
const APPLY_AFTER_MS = 5_000;

/** Without an order for so long, the log gives its room back: up to some 10 MB after a flood. */
const REST_AFTER_MS = 10_000;

type Order = WriteOrder | 'close';

interface OpenFile {
  readonly db: Database;
  readonly created: boolean;
  readonly fence: Fence;
}

function openForWriting(setup: WriterSetup): OpenFile {
  const db = new Database(setup.path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA cache_size = -${CACHE_KIB}`);
  const created = schemaVersion(db) === 0;
  if (created) createSchema(db, setup.origin);
  else migrate(db);
  return { db, created, fence: takeFence(db, setup.path) };
}

function serve(port: MessagePort, group: GroupCommit, close: () => void): void {
  let applyLater: NodeJS.Timeout | undefined;
  const restLater = setTimeout(() => group.rest(), REST_AFTER_MS);
  const apply = () => {
    clearTimeout(applyLater);
    applyLater = undefined;
    group.apply();
    if (group.journaled !== 'none') applyLater = setTimeout(apply, APPLY_AFTER_MS);
  };
  port.on('message', (first: Order) => {
    const orders = withWaiting(port, first);
    restLater.refresh();
    const writes = orders.filter((order) => order !== 'close');
    if (writes.length > 0) say(port, { say: 'replies', replies: group.commit(writes) });
    if (group.journaled === 'all') apply();
    else if (group.journaled === 'some') applyLater ??= setTimeout(apply, APPLY_AFTER_MS);
    if (writes.length === orders.length) return;
    clearTimeout(applyLater);
    clearTimeout(restLater);
    group.apply();
    close();
    say(port, { say: 'closed' });
    port.close();
  });
}

/** Durable before its row is removed. */
function setAside(setup: WriterSetup, rows: readonly DamagedRow[]): void {
  for (const { seq, content } of rows) {
    const file = openSync(join(setup.aside, `journal.${seq}.${setup.origin.epoch}`), 'w', 0o600);
    writeSync(file, content);
    fsyncSync(file);
    closeSync(file);
  }
}

function wordsFor({ hits, changes }: Acknowledged): string {
  const what = `${hits} hits and ${changes} other changes that were acknowledged`;
  return `store.sqlite lacks ${what}: it, its -wal file or the journal was damaged, cut short or replaced by an older one. The hits count as dropped, ${LOST_ON_DISK}; a new epoch was opened; check the disk, or restore a backup`;
}

function withWaiting(port: MessagePort, first: Order): readonly Order[] {
  const orders: Order[] = [];
  let bytes = 0;
  for (let order: Order | undefined = first; order !== undefined; order = nextOf(port)) {
    orders.push(order);
    bytes += order === 'close' ? 0 : order.bytes;
    if (orders.length >= GROUP_WRITES || bytes >= GROUP_BYTES) break;
  }
  return orders;
}

function nextOf(port: MessagePort): Order | undefined {
  const next: { readonly message: Order } | undefined = receiveMessageOnPort(port);
  return next?.message;
}

function say(port: MessagePort, message: WriterMessage): void {
  port.postMessage(message);
}

function start(port: MessagePort): void {
  try {
    const setup: WriterSetup = workerData;
    const { db, created, fence } = openForWriting(setup);
    const said = readAcknowledged(setup.acknowledged);
    const acknowledged = new AcknowledgedFile(setup.acknowledged);
    const group = new GroupCommit(db, setup.path, fence, acknowledged);
    const notices: string[] = [];
    const missing = group.recover(
      said,
      (rows) => {
        setAside(setup, rows);
        notices.push(`${rows.length} rows of the journal were damaged and lie in ${setup.aside} now`);
      },
      setup.origin.epoch,
    );
    if (missing) notices.push(wordsFor(missing));
    serve(port, group, () => {
      db.close();
      acknowledged.close();
    });
    say(port, { say: 'ready', created, fence, notices, hasLost: missing !== undefined });
  } catch (cause) {
    say(port, { say: 'unable', fault: faultOf(cause) });
    port.close();
  }
}

if (parentPort) start(parentPort);
