import type { Bucket } from '@fr/bucket';

/** At least so many are remembered, at most twice as many. */
const REMEMBERED = 16_384;

/**
 * Remembers something about the buckets met last. Failures come in runs of the same buckets, and the id of one costs
 * more than everything else a server does for its hit.
 */
export class BucketMemory<T> {
  #recent = new Map<string, T>();
  #older = new Map<string, T>();

  get(bucket: Bucket): T | undefined {
    const text = textOf(bucket);
    const known = this.#recent.get(text);
    if (known !== undefined) return known;
    const older = this.#older.get(text);
    if (older !== undefined) this.#set(text, older);
    return older;
  }

  set(bucket: Bucket, value: T): void {
    this.#set(textOf(bucket), value);
  }

  #set(text: string, value: T): void {
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(text, value);
  }
}

/** Different for different buckets: no two divide the same text at the same places. */
function textOf({ program, programVersion, module, moduleVersion, location }: Bucket): string {
  const lengths = `${program.length},${programVersion.length},${module.length},${moduleVersion.length},`;
  return lengths + program + programVersion + module + moduleVersion + location;
}
