/**
 * Hits on their way from the calling thread to the writer's: numbers and ids side by side in one block of bytes, since
 * handing over objects costs more than counting them. A bucket travels in words once; then it goes by its number.
 * @module
 */
import type { Hit } from '@fr/protocol';
import type { BucketNames } from '../../named-bucket.ts';
import type { NamedBucket } from '../write.ts';

/** Hits of several calls, in the order of the calls. */
export interface HitParcel {
  /** Calls, each `receivedAt f64, hits u32`, and behind it its hits, {@link HIT_BYTES} each. */
  readonly bytes: Uint8Array;
  /** Buckets not named before, the first of which has the number `firstBucket`; 0: older numbers are void. */
  readonly buckets: readonly NamedBucket[];
  readonly firstBucket: number;
}

/** What is packed: one call. */
export interface HitCall {
  readonly hits: readonly Hit[];
  readonly receivedAt: number;
}

export const CALL_BYTES = 12;
/** `report id, 16 bytes; bucket u32; count f64`. */
export const HIT_BYTES = 28;
/** In place of a bucket's number: the id or the count is none. */
export const MALFORMED = 0xffffffff;

/** What became of a hit, a byte each, in the order of the parcel. */
export const COUNTED = 0;
export const DUPLICATE = 1;
export const REFUSED_MALFORMED = 2;
export const REFUSED_OVERFLOW = 3;

/** Numbers given out before they are all taken back: what both threads then remember of buckets. */
const NUMBERED = 16_384;

/** Packs parcels for one thread, and remembers which buckets it knows. */
export class Packer {
  readonly #names: BucketNames;
  readonly #numbers = new Map<string, number>();

  constructor(names: BucketNames) {
    this.#names = names;
  }

  /** After a parcel that may not have arrived: every bucket is named again. */
  startAnew(): void {
    this.#numbers.clear();
  }

  pack(calls: readonly HitCall[]): HitParcel {
    if (this.#numbers.size >= NUMBERED) this.startAnew();
    const firstBucket = this.#numbers.size;
    const buckets: NamedBucket[] = [];
    const size = calls.reduce((sum, { hits }) => sum + CALL_BYTES + HIT_BYTES * hits.length, 0);
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const { hits, receivedAt } of calls) {
      view.setFloat64(at, receivedAt, true);
      view.setUint32(at + 8, hits.length, true);
      at += CALL_BYTES;
      for (const hit of hits) {
        const sound = writeId(hit.reportId, bytes, at) && Number.isSafeInteger(hit.count) && hit.count >= 1;
        view.setUint32(at + 16, sound ? this.#number(hit, buckets) : MALFORMED, true);
        view.setFloat64(at + 20, hit.count, true);
        at += HIT_BYTES;
      }
    }
    return { bytes, buckets, firstBucket };
  }

  #number({ bucket }: Hit, unnamed: NamedBucket[]): number {
    const { program, programVersion, module, moduleVersion, location } = bucket;
    const lengths = `${program.length},${programVersion.length},${module.length},${moduleVersion.length},`;
    const key = lengths + program + programVersion + module + moduleVersion + location;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(key, number);
    unnamed.push(this.#names.of(bucket));
    return number;
  }
}

const DASH = 45;
const NO_DIGIT = 255;
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
  return digit < 0 ? NO_DIGIT : digit;
});

/** Writes the 16 bytes of an id in any of its printed forms; false where the text is none. */
function writeId(text: string, into: Uint8Array, at: number): boolean {
  const dashed = text.length === 36;
  if (!dashed && text.length !== 32) return false;
  let digits = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (dashed && code === DASH) continue;
    const digit = DIGITS[code] ?? NO_DIGIT;
    if (digit === NO_DIGIT || digits === 32) return false;
    const byte = at + (digits >> 1);
    into[byte] = digits & 1 ? (into[byte] ?? 0) | digit : digit << 4;
    digits += 1;
  }
  return digits === 32;
}
