import type { Bucket } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import { writeId } from '@fr/protocol/ids';
import type { BucketNames } from '../../named-bucket.ts';
import type { NamedBucket } from '../write.ts';
import { CALL_BYTES, HIT_BYTES, type HitParcel, MALFORMED } from './hit-parcel.ts';

/** What is packed: one call. */
export interface HitCall {
  readonly hits: readonly Hit[];
  readonly receivedAt: number;
}

/** Numbers given out before they are all taken back: what both threads then remember of buckets. */
const NUMBERED = 16_384;

/** Packs parcels for one thread, and remembers which buckets it knows. */
export class Packer {
  readonly #names: BucketNames;
  readonly #numbers = new Map<string, number>();
  /** The same for buckets that come again as the same value, found without a look at their texts. */
  readonly #frozen = new Map<Bucket, number>();

  constructor(names: BucketNames) {
    this.#names = names;
  }

  /** After a parcel that may not have arrived: every bucket is named again. */
  startAnew(): void {
    this.#numbers.clear();
    this.#frozen.clear();
  }

  pack(calls: readonly HitCall[]): HitParcel {
    if (this.#numbers.size >= NUMBERED || this.#frozen.size >= 2 * NUMBERED) this.startAnew();
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
        view.setUint32(at + 16, sound ? this.#number(hit.bucket, buckets) : MALFORMED, true);
        view.setFloat64(at + 20, hit.count, true);
        at += HIT_BYTES;
      }
    }
    return { bytes, buckets, firstBucket };
  }

  #number(bucket: Bucket, unnamed: NamedBucket[]): number {
    const known = this.#frozen.get(bucket);
    if (known !== undefined) return known;
    const number = this.#numberOf(bucket, unnamed);
    if (Object.isFrozen(bucket)) this.#frozen.set(bucket, number);
    return number;
  }

  #numberOf(bucket: Bucket, unnamed: NamedBucket[]): number {
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
