/**
 * Reading a ledger's file without opening it for writing: for people, exports and the check of the chain. Works
 * beside a server that is appending.
 * @module
 */
import { createReadStream } from 'node:fs';
import { type LedgerSums, ledgerSums } from './ledger-sums.ts';
import { CHAIN_START, type ChainedRecord, isChained, parseLine } from './record.ts';

/** A line of the file. `record` is absent where it is none; `whole` is false for a last line without its newline. */
export interface LedgerLine {
  readonly record: ChainedRecord | undefined;
  readonly whole: boolean;
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
  /** How long it is, its newline left out. */
  readonly bytes: number;
}

/** Lines in bounded memory; none where there is no file. A line's offset counts bytes, so that a tail can be cut off. */
export async function* readLines(file: string): AsyncGenerator<LedgerLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  try {
    for await (const chunk of createReadStream(file)) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield { record: parseLine(rest.toString('utf8', 0, end)), whole: true, offset, bytes: end };
        offset += end + 1;
        rest = rest.subarray(end + 1);
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const bytes = rest.byteLength;
  if (bytes > 0) yield { record: undefined, whole: false, offset, bytes };
}

/** The records of a ledger's file, oldest first; lines that are none are left out. */
export async function* readLedger(file: string): AsyncGenerator<ChainedRecord> {
  for await (const { record } of readLines(file)) if (record) yield record;
}

/** What the check of a ledger found. The sums are those of all readable records, whether the chain holds or not. */
export interface LedgerCheck {
  readonly ok: boolean;
  readonly records: number;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** The first line that is not what the chain says, counted from 1. */
  readonly firstBad?: number;
  /**
   * The last record: whoever keeps it elsewhere sees later whether lines were cut off at the end. Absent while the ledger is
   * empty.
   */
  readonly head?: { readonly seq: number; readonly hash: string };
  /** Bytes of a last line without its end: a crash tore it, or it is just being written. */
  readonly torn?: number;
  /** Whether a head that was kept is still in the chain; absent where none was given. */
  readonly holdsHead?: boolean;
}

/** What a check is told beforehand. */
export interface LedgerExpectation {
  /** Hash of a record that has to be there: the head of an earlier check. */
  readonly head?: string;
}

/** Checks the chain of a ledger's file from its first line to its last. No file is an empty ledger, and fine. */
export async function verifyLedger(
  file: string,
  { head: expected }: LedgerExpectation = {},
): Promise<LedgerCheck> {
  let before = { seq: 0, hash: CHAIN_START };
  let lines = 0;
  let records = 0;
  let firstBad: number | undefined;
  let torn: number | undefined;
  let holdsHead = false;
  const sums: LedgerSums = await ledgerSums(checked());
  async function* checked(): AsyncGenerator<ChainedRecord> {
    for await (const { record, whole, bytes } of readLines(file)) {
      lines += 1;
      if (!whole) torn = bytes;
      if (!record || !isChained(record, before)) firstBad ??= lines;
      if (!record) continue;
      records += 1;
      before = { seq: record.seq, hash: record.hash };
      holdsHead ||= record.hash === expected;
      yield record;
    }
  }
  const { headerBytes, payloadBytes } = sums.total;
  return {
    ok: firstBad === undefined && (expected === undefined || holdsHead),
    records,
    headerBytes,
    payloadBytes,
    ...(firstBad === undefined ? {} : { firstBad }),
    ...(records === 0 ? {} : { head: before }),
    ...(torn === undefined ? {} : { torn }),
    ...(expected === undefined ? {} : { holdsHead }),
  };
}
