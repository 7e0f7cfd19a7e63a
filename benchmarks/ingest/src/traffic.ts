/**
 * The hits everything here is measured with: 10,000 buckets, met as often as a Zipf law says, ids as reporters make
 * them. The same seed gives the same order of buckets.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import type { Hit } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';

export const BUCKETS = 10_000;

export function bucketNumber(n: number): Bucket {
  return {
    program: `program-${n % 20}`,
    programVersion: `1.${n % 7}.0`,
    module: `module-${n % 400}`,
    moduleVersion: `2.${n % 5}.1`,
    location: `src/part-${n % 90}/file-${n}.ts#Thing.work~3:TypeError`,
  };
}

/** Draws the numbers of buckets: the k-th is met in proportion to 1/k. */
export function zipf(seed: number, buckets: number = BUCKETS): () => number {
  const bounds = new Float64Array(buckets);
  let sum = 0;
  for (let k = 0; k < buckets; k++) {
    sum += 1 / (k + 1);
    bounds[k] = sum;
  }
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => indexOf(bounds, random() * sum);
}

/** The first place whose bound is above the value. */
function indexOf(bounds: Float64Array, value: number): number {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function hitOn(n: number): Hit {
  return { reportId: uuidv7(), bucket: bucketNumber(n), count: 1, outcome: 'fatal', at: Date.now() };
}
