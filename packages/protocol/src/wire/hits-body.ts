/**
 * A body of hits as reporters print it, read in one pass. Crashes come in runs of the same buckets, so the bytes of a
 * bucket are looked up and stand for the value they gave the last time: nothing of it is decoded, checked or made anew.
 * Whatever is not of this plain form (members nobody knows, drops, a test, an id in capitals, a fault) is none of its
 * business: it goes through the gate and the decoders, so that both readers agree on every input.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import { bucket as decodeBucket } from '../decode/bucket.ts';
import { decodeHitsRequest } from '../decode/hit.ts';
import type { Hit, HitsRequest, Outcome } from '../hit.ts';
import { MAX_HIT_COUNT, MAX_HITS, MAX_MESSAGE_BYTES } from '../limits.ts';
import { PROTOCOL_VERSION } from '../version.ts';
import { decodeMessage } from './message.ts';

/** Reads `POST /v1/hits` in msgpack; throws as the gate and {@link decodeHitsRequest} do. Equal buckets may be one frozen value. */
export type HitsReader = (body: Uint8Array) => HitsRequest;

/** Buckets remembered at least; at most twice as many. */
const REMEMBERED = 16_384;

/** Longer ones are not remembered: what invented buckets may take of the memory is bounded by it. */
const MAX_REMEMBERED_BYTES = 1_024;

/** The number cannot be told from where it stands, or is none of the plain form. */
const NONE = -1;

const MAX_TIME = 100_000_000_000_000;

/** Every member of a hit, and nothing twice. */
const ALL_MEMBERS = 0b11111;

const OUTCOME_BY_LENGTH: Readonly<Record<number, readonly Outcome[]>> = {
  5: ['fatal'],
  7: ['handled', 'unknown'],
  8: ['survived'],
};

/** A reader for one server: it remembers the buckets met last. */
export function createHitsReader(): HitsReader {
  const buckets = new KnownBuckets();
  return (body) => {
    const hits = body.byteLength <= MAX_MESSAGE_BYTES && new PlainBody(body, buckets).read();
    return hits ? { protocol: PROTOCOL_VERSION, hits } : decodeHitsRequest(decodeMessage(body, 'msgpack'));
  };
}

/** Buckets by the bytes that stand for them. */
class KnownBuckets {
  #recent = new Map<string, Bucket>();
  #older = new Map<string, Bucket>();

  /** Nothing where these bytes are no bucket. */
  of(body: Buffer, from: number, to: number): Bucket | undefined {
    const key = body.toString('latin1', from, to);
    const known = this.#recent.get(key);
    if (known) return known;
    const found = this.#older.get(key) ?? decoded(body.subarray(from, to));
    if (found && key.length <= MAX_REMEMBERED_BYTES) this.#remember(key, found);
    return found;
  }

  #remember(key: string, bucket: Bucket): void {
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, bucket);
  }
}

function decoded(bytes: Uint8Array): Bucket | undefined {
  try {
    return Object.freeze(decodeBucket(decodeMessage(bytes, 'msgpack'), ''));
  } catch {
    return undefined;
  }
}

/** The place in one body, and what it has read of a hit. Every step says whether the body is still of the plain form. */
class PlainBody {
  readonly #bytes: Buffer;
  readonly #buckets: KnownBuckets;
  #at = 0;
  #reportId = '';
  #bucket: Bucket | undefined;
  #count = 0;
  #outcome: Outcome = 'unknown';
  #time = 0;

  constructor(body: Uint8Array, buckets: KnownBuckets) {
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.#buckets = buckets;
  }

  /** `{ protocol, hits }` and nothing behind it. */
  read(): readonly Hit[] | undefined {
    const sound = this.#isMapOf(2) && this.#literal(PROTOCOL) && this.#byte() === PROTOCOL_VERSION;
    if (!sound || !this.#literal(HITS)) return undefined;
    const count = this.#listLength();
    if (count < 0 || count > MAX_HITS) return undefined;
    const hits: Hit[] = [];
    for (let place = 0; place < count; place++) {
      const hit = this.#hit();
      if (!hit) return undefined;
      hits.push(hit);
    }
    return this.#at === this.#bytes.byteLength ? hits : undefined;
  }

  #hit(): Hit | undefined {
    if (!this.#isMapOf(5)) return undefined;
    let members = 0;
    for (let place = 0; place < 5; place++) {
      const member = this.#member();
      if (member === 0) return undefined;
      members |= member;
    }
    if (members !== ALL_MEMBERS || !this.#bucket) return undefined;
    const bucket = this.#bucket;
    return { reportId: this.#reportId, bucket, count: this.#count, outcome: this.#outcome, at: this.#time };
  }

  /** The bit of a member that was read; 0: none of the plain form. No two of their names are of one length. */
  #member(): number {
    const first = this.#bytes[this.#at];
    if (first === 0xa8) return this.#literal(REPORT_ID) && this.#readId() ? 1 : 0;
    if (first === 0xa6) return this.#literal(BUCKET) && this.#readBucket() ? 2 : 0;
    return this.#smallMember(first);
  }

  #smallMember(first: number | undefined): number {
    if (first === 0xa5) return this.#literal(COUNT) && this.#readCount() ? 4 : 0;
    if (first === 0xa7) return this.#literal(OUTCOME) && this.#readOutcome() ? 8 : 0;
    return this.#literal(AT) && this.#readTime() ? 16 : 0;
  }

  /** 36 characters, as ids are printed. */
  #readId(): boolean {
    const bytes = this.#bytes;
    if (this.#byte() !== 0xd9 || this.#byte() !== 36) return false;
    const from = this.#at;
    this.#at += 36;
    if (this.#at > bytes.byteLength) return false;
    for (let place = 0; place < 36; place++)
      if (ID_FORM[place] !== CLASS[bytes[from + place] ?? 0]) return false;
    this.#reportId = bytes.toString('latin1', from, this.#at);
    return true;
  }

  #readBucket(): boolean {
    const from = this.#at;
    if (!this.#isMapOf(5)) return false;
    for (let text = 0; text < 10; text++) if (!this.#skipText()) return false;
    this.#bucket = this.#buckets.of(this.#bytes, from, this.#at);
    return this.#bucket !== undefined;
  }

  #readCount(): boolean {
    this.#count = this.#wholeNumber();
    return this.#count >= 1 && this.#count <= MAX_HIT_COUNT;
  }

  #readOutcome(): boolean {
    const length = this.#byte() - 0xa0;
    const text = this.#bytes.toString('latin1', this.#at, this.#at + length);
    const known = OUTCOME_BY_LENGTH[length]?.find((outcome) => outcome === text);
    this.#at += length;
    if (known) this.#outcome = known;
    return known !== undefined;
  }

  #readTime(): boolean {
    this.#time = this.#wholeNumber();
    return this.#time >= 0 && this.#time <= MAX_TIME;
  }

  /** Not negative, and safe to count with. */
  #wholeNumber(): number {
    const first = this.#byte();
    if (first <= 0x7f) return first;
    const [from, size] = [this.#at, NUMBER_BYTES[first] ?? 0];
    this.#at += size;
    if (size === 0 || this.#at > this.#bytes.byteLength) return NONE;
    if (first === 0xcb) {
      const value = this.#bytes.readDoubleBE(from);
      return Number.isSafeInteger(value) && value > 0 ? value : NONE;
    }
    let value = 0;
    for (let place = from; place < this.#at; place++) value = 256 * value + (this.#bytes[place] ?? 0);
    return Number.isSafeInteger(value) ? value : NONE;
  }

  /** In the shortest form, or with two bytes of length, as msgpackr prints objects. */
  #isMapOf(members: number): boolean {
    const first = this.#byte();
    return first === 0xde ? this.#byte() === 0 && this.#byte() === members : first === 0x80 + members;
  }

  #listLength(): number {
    const first = this.#byte();
    if (first >= 0x90 && first <= 0x9f) return first - 0x90;
    return first === 0xdc ? 256 * this.#byte() + this.#byte() : NONE;
  }

  #skipText(): boolean {
    const first = this.#byte();
    let length = NONE;
    if (first >= 0xa0 && first <= 0xbf) length = first - 0xa0;
    else if (first === 0xd9) length = this.#byte();
    else if (first === 0xda) length = 256 * this.#byte() + this.#byte();
    this.#at += length;
    return length >= 0 && this.#at <= this.#bytes.byteLength;
  }

  #literal(text: Uint8Array): boolean {
    const from = this.#at;
    for (let place = 0; place < text.byteLength; place++)
      if (this.#bytes[from + place] !== text[place]) return false;
    this.#at += text.byteLength;
    return true;
  }

  /** Behind the end there is nothing that any form begins with. */
  #byte(): number {
    return this.#bytes[this.#at++] ?? 0xc1;
  }
}

/** Bytes behind the first of a number: float64, uint8 to uint64. */
const NUMBER_BYTES: Readonly<Record<number, number>> = {
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
};

function shortText(text: string): Uint8Array {
  return Uint8Array.from([0xa0 + text.length, ...Buffer.from(text, 'latin1')]);
}

const PROTOCOL = shortText('protocol');
const HITS = shortText('hits');
const REPORT_ID = shortText('reportId');
const BUCKET = shortText('bucket');
const COUNT = shortText('count');
const OUTCOME = shortText('outcome');
const AT = shortText('at');

const DIGIT = 1;
const DASH = 2;
/** What a byte of a printed id is. */
const CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x2d) return DASH;
  return '0123456789abcdef'.includes(String.fromCharCode(byte)) ? DIGIT : 0;
});
const ID_FORM: Uint8Array = Uint8Array.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx', (char) =>
  char === '-' ? DASH : DIGIT,
);
