/**
 * What a row of the journal holds: the hits of one commit, call by call, in bytes that say everything a replay needs.
 * Little endian:
 *
 *     call: receivedAt f64, counted u32, duplicate u32, malformed u32, overflow u32, then `counted` hits
 *     hit:  report id, 16 bytes; bucket id, 27 characters; count f64
 *
 * @module
 */
import { crc32 } from 'node:zlib';

const CALL_BYTES = 24;
const BUCKET_ID_BYTES = 27;
const HIT_BYTES = 16 + BUCKET_ID_BYTES + 8;

/** How many of a call had which outcome. */
export interface CallOutcomes {
  counted: number;
  duplicate: number;
  malformed: number;
  overflow: number;
}

/** Told what a row holds, in order. */
export interface RowReader {
  call(receivedAt: number, outcomes: Readonly<CallOutcomes>): void;
  /** `idAt`: where in `bytes` the 16 bytes of its id are. */
  hit(bytes: Buffer, idAt: number, bucketId: string, count: number): void;
}

/** Bytes of a row as it grows; used again for the next. */
export class RowWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #end = 0;
  #callAt = 0;

  get empty(): boolean {
    return this.#end === 0;
  }

  clear(): void {
    this.#end = 0;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  beginCall(receivedAt: number): void {
    this.#room(CALL_BYTES);
    this.#callAt = this.#end;
    this.#bytes.writeDoubleLE(receivedAt, this.#end);
    this.#end += CALL_BYTES;
  }

  endCall({ counted, duplicate, malformed, overflow }: Readonly<CallOutcomes>): void {
    this.#bytes.writeUInt32LE(counted, this.#callAt + 8);
    this.#bytes.writeUInt32LE(duplicate, this.#callAt + 12);
    this.#bytes.writeUInt32LE(malformed, this.#callAt + 16);
    this.#bytes.writeUInt32LE(overflow, this.#callAt + 20);
  }

  addHit(ids: Uint8Array, idAt: number, bucketId: Uint8Array, count: number): void {
    this.#room(HIT_BYTES);
    for (let place = 0; place < 16; place++) this.#bytes[this.#end + place] = ids[idAt + place] ?? 0;
    this.#bytes.set(bucketId, this.#end + 16);
    this.#bytes.writeDoubleLE(count, this.#end + 16 + BUCKET_ID_BYTES);
    this.#end += HIT_BYTES;
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.byteLength) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.byteLength);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

/** Over the content and its place in the journal, so that a turned bit in either is found. */
export function rowChecksum(seq: number, content: Uint8Array): number {
  return crc32(content, crc32(String(seq)));
}

/** Tells the reader all of a row; false, and possibly only a part told, where the bytes do not add up. */
export function readRow(content: Uint8Array, reader: RowReader): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  while (at + CALL_BYTES <= bytes.byteLength) {
    const receivedAt = bytes.readDoubleLE(at);
    const counted = bytes.readUInt32LE(at + 8);
    const outcomes = {
      counted,
      duplicate: bytes.readUInt32LE(at + 12),
      malformed: bytes.readUInt32LE(at + 16),
      overflow: bytes.readUInt32LE(at + 20),
    };
    at += CALL_BYTES;
    if (at + counted * HIT_BYTES > bytes.byteLength) return false;
    reader.call(receivedAt, outcomes);
    for (let hit = 0; hit < counted; hit++, at += HIT_BYTES) {
      const bucketId = bytes.toString('latin1', at + 16, at + 16 + BUCKET_ID_BYTES);
      reader.hit(bytes, at, bucketId, bytes.readDoubleLE(at + 16 + BUCKET_ID_BYTES));
    }
  }
  return at === bytes.byteLength;
}
