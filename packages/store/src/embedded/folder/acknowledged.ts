/**
 * How much was acknowledged, in a file of its own: written after every commit, before anybody is told. A start compares
 * it with the database. SQLite takes the first damaged page of its log for the log's end: what was committed behind it is
 * gone without a word, as it is when the log was cut short, lost, or left behind by whoever copied the folder.
 *
 * Written in place and synced only when the journal is applied, some seconds later: after a kill it is exact, after a
 * power cut it may say too little. It never says too much, for what it speaks of was durable before. One that cannot be
 * read says nothing; one that cannot be written stays behind. Made anew where it is missing.
 * @module
 */
import { closeSync, constants, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** What a database has, or should have. */
export interface Acknowledged {
  /** Hits that were counted. */
  readonly hits: number;
  /** Transactions that wrote something else. */
  readonly changes: number;
}

/** Two numbers as f64, little endian, and their checksum. */
const BYTES = 20;

const NOTHING: Acknowledged = { hits: 0, changes: 0 };

/** What the file says; nothing at all where it is missing or damaged. */
export function readAcknowledged(path: string): Acknowledged {
  return attempt(() => parse(readFileSync(path))) ?? NOTHING;
}

/** What is missing from a database; nothing where it has as much as was acknowledged. */
export function missingFrom(held: Acknowledged, said: Acknowledged): Acknowledged | undefined {
  const hits = Math.max(0, said.hits - held.hits);
  const changes = Math.max(0, said.changes - held.changes);
  return hits + changes > 0 ? { hits, changes } : undefined;
}

/** The writer's end of the file. Nothing here throws: without the file less damage is found, and nothing else is lost. */
export class AcknowledgedFile {
  readonly #file: number | undefined;
  readonly #bytes = Buffer.alloc(BYTES);
  #isSynced = true;

  constructor(path: string) {
    this.#file = attempt(() => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  /** Before anybody is told. */
  write({ hits, changes }: Acknowledged): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#bytes.writeDoubleLE(hits, 0);
    this.#bytes.writeDoubleLE(changes, 8);
    this.#bytes.writeUInt32LE(crc32(this.#bytes.subarray(0, 16)), 16);
    attempt(() => writeSync(file, this.#bytes, 0, BYTES, 0));
    this.#isSynced = false;
  }

  sync(): void {
    const file = this.#file;
    if (file === undefined || this.#isSynced) return;
    attempt(() => fdatasyncSync(file));
    this.#isSynced = true;
  }

  close(): void {
    const file = this.#file;
    if (file !== undefined) attempt(() => closeSync(file));
  }
}

function parse(bytes: Buffer): Acknowledged | undefined {
  const isSound = bytes.byteLength === BYTES && bytes.readUInt32LE(16) === crc32(bytes.subarray(0, 16));
  return isSound ? { hits: bytes.readDoubleLE(0), changes: bytes.readDoubleLE(8) } : undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
