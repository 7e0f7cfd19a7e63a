/**
 * The thread that owns the only writing connection, so that a slow disk never freezes the thread that serves. At
 * once when idle; whatever arrives during a commit forms the next. Imports nothing from other packages, so that it
 * starts from source and from a build alike.
 * @module
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type Fence, takeFence } from '../folder/fence.ts';
import { Database } from '../sqlite/database.ts';
import { faultOf } from '../sqlite/fault.ts';
import { createSchema, schemaVersion } from '../sqlite/schema.ts';
import { GroupCommit } from './group-commit.ts';
import type { WriteOrder, WriterMessage, WriterSetup } from './write.ts';

/** Writes in one transaction at the most, and the bytes after which no further one joins. */
const GROUP_WRITES = 1_000;
const GROUP_BYTES = 1024 * 1024;

/** Pages kept in memory: enough for the busy part of 100,000 buckets; SQLite's own 2 MiB cost twice the time. */
const CACHE_KIB = 32 * 1024;

type Order = WriteOrder | 'close';

interface OpenFile {
  readonly db: Database;
  readonly created: boolean;
  readonly fence: Fence;
}

function openForWriting(setup: WriterSetup): OpenFile {
  const db = new Database(setup.path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -${CACHE_KIB}`);
  const created = schemaVersion(db) === 0;
  if (created) createSchema(db, setup.origin);
  return { db, created, fence: takeFence(db, setup.path) };
}

function serve(port: MessagePort, { db, fence }: OpenFile, path: string): void {
  const group = new GroupCommit(db, path, fence);
  port.on('message', (first: Order) => {
    const orders = withWaiting(port, first);
    const writes = orders.filter((order) => order !== 'close');
    if (writes.length > 0) say(port, { say: 'replies', replies: group.commit(writes) });
    if (writes.length === orders.length) return;
    db.close();
    say(port, { say: 'closed' });
    port.close();
  });
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
    const file = openForWriting(setup);
    serve(port, file, setup.path);
    say(port, { say: 'ready', created: file.created, fence: file.fence });
  } catch (cause) {
    say(port, { say: 'unable', fault: faultOf(cause) });
    port.close();
  }
}

if (parentPort) start(parentPort);
