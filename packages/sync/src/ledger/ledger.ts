/**
 * The ledger: every byte that leaves the site, written down before it leaves. A file of JSON lines, only appended to:
 *
 *     append ─▶ line written ─▶ fsynced ─▶ resolves ─▶ only now may the bytes leave
 *
 * A crash in the middle leaves a torn last line; since nothing left under it, the next opening moves it to
 * `<file>.torn` and goes on. A line that is whole but not what the chain says is left where it is: that is not a
 * crash, and the check shows it. After a write or fsync that failed, the ledger takes nothing more, and so nothing
 * leaves, until it is opened again.
 * @module
 */
import { appendFile, type FileHandle, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SyncError } from '../sync-error.ts';
import { type LedgerCheck, readLedger, readLines, verifyLedger } from './read-ledger.ts';
import { CHAIN_START, chainRecord, type LedgerEvent, type LedgerRecord, printLine } from './record.ts';
import { SentSamples } from './sent-samples.ts';

/** An open ledger. */
export interface Ledger {
  /** Resolves when the record is on the disk. Rejects with `ledger-failed`; then nothing may leave. */
  append(event: LedgerEvent): Promise<LedgerRecord>;
  /** All records, oldest first. */
  records(): AsyncIterable<LedgerRecord>;
  /** Checks the whole chain on the disk. */
  verify(): Promise<LedgerCheck>;
  close(): Promise<void>;
  /** What has been sent so far, by demand. */
  readonly sent: SentSamples;
  /** Bytes of a torn last line that were set aside when it was opened. */
  readonly setAside: number;
}

/** For tests of faults. */
export interface LedgerOptions {
  /** How a written line is made durable. Default: `fdatasync`. */
  readonly sync?: (file: FileHandle) => Promise<void>;
}

/** Opens a ledger, or begins one; always succeeds on a file that can be read and written. One opener at a time. */
export async function openLedger(file: string, options: LedgerOptions = {}): Promise<Ledger> {
  const sync = options.sync ?? ((handle) => handle.datasync());
  const sent = new SentSamples();
  let last = { seq: 0, hash: CHAIN_START };
  let torn: number | undefined;
  for await (const { record, offset } of readLines(file)) {
    if (record) {
      sent.note(record);
      last = { seq: record.seq, hash: record.hash };
      torn = undefined;
    } else torn ??= offset;
  }
  const setAside = torn === undefined ? 0 : await cutTail(file, torn);
  const handle = await open(file, 'a', 0o600);
  await syncFolder(dirname(file));

  let failed: SyncError | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  async function write(event: LedgerEvent): Promise<LedgerRecord> {
    if (failed) throw failed;
    const record: LedgerRecord = { seq: last.seq + 1, ...event };
    const line = chainRecord(record, last.hash);
    try {
      await handle.appendFile(printLine(line));
      await sync(handle);
    } catch (cause) {
      failed = new SyncError('ledger-failed', `the ledger ${file} cannot be written; nothing leaves`, {
        cause,
      });
      throw failed;
    }
    last = { seq: line.seq, hash: line.hash };
    sent.note(record);
    return record;
  }
  function append(event: LedgerEvent): Promise<LedgerRecord> {
    const mine = turn.then(() => write(event));
    turn = mine.catch(() => undefined);
    return mine;
  }
  async function close(): Promise<void> {
    turn = turn.then(() => {
      failed ??= new SyncError('ledger-failed', `the ledger ${file} is closed`);
    });
    await turn;
    await handle.close();
  }
  return { append, records: () => readLedger(file), verify: () => verifyLedger(file), close, sent, setAside };
}

/** Moves what stands behind the last record to `<file>.torn`; repeating it after a crash does no harm. */
async function cutTail(file: string, offset: number): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    await appendFile(`${file}.torn`, Buffer.concat([buffer, Buffer.from('\n')]), {
      mode: 0o600,
      flush: true,
    });
    await truncate(file, offset);
    return size - offset;
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
