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
}

/** Lines in bounded memory; none where there is no file. A line's offset counts bytes, so that a tail can be cut off. */
export async function* readLines(file: string): AsyncGenerator<LedgerLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  try {
    for await (const chunk of createReadStream(file)) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield { record: parseLine(rest.toString('utf8', 0, end)), whole: true, offset };
        offset += end + 1;
        rest = rest.subarray(end + 1);
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if (rest.byteLength > 0) yield { record: undefined, whole: false, offset };
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
}

/** Checks the chain of a ledger's file from its first line to its last. No file is an empty ledger, and fine. */
export async function verifyLedger(file: string): Promise<LedgerCheck> {
  let before = { seq: 0, hash: CHAIN_START };
  let lines = 0;
  let records = 0;
  let firstBad: number | undefined;
  const sums: LedgerSums = await ledgerSums(checked());
  async function* checked(): AsyncGenerator<ChainedRecord> {
    for await (const { record } of readLines(file)) {
      lines += 1;
      if (!record || !isChained(record, before)) firstBad ??= lines;
      if (!record) continue;
      records += 1;
      before = { seq: record.seq, hash: record.hash };
      yield record;
    }
  }
  const { headerBytes, payloadBytes } = sums.total;
  const found = { records, headerBytes, payloadBytes };
  return firstBad === undefined ? { ok: true, ...found } : { ok: false, ...found, firstBad };
}
