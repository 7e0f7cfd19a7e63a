import type { Bucket } from '@fr/bucket';

/** At least so many are remembered, at most twice as many. */
const REMEMBERED = 16_384;

/**
 * Remembers something about the buckets met last. Failures come in runs of the same buckets, and the id of one costs
 * more than everything else a server does for its hit. A frozen bucket is one that comes again as the same value, and
 * found without a look at its texts.
 */
export class BucketMemory<T> {
  #recent = new Map<Bucket | string, T>();
  #older = new Map<Bucket | string, T>();

  get(bucket: Bucket): T | undefined {
    const known = this.#recent.get(bucket);
    if (known !== undefined) return known;
    const key = keyOf(bucket);
    const found = this.#recent.get(key) ?? this.#older.get(key);
    if (found !== undefined) this.#set(key, found);
    return found;
  }

  set(bucket: Bucket, value: T): void {
    this.#set(keyOf(bucket), value);
  }

  #set(key: Bucket | string, value: T): void {
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}

function keyOf(bucket: Bucket): Bucket | string {
  return Object.isFrozen(bucket) ? bucket : textOf(bucket);
}

/** Different for different buckets: no two divide the same text at the same places. */
function textOf({ program, programVersion, module, moduleVersion, location }: Bucket): string {
  const lengths = `${program.length},${programVersion.length},${module.length},${moduleVersion.length},`;
  return lengths + program + programVersion + module + moduleVersion + location;
}
