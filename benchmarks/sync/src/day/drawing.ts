import type { Bucket } from '@fr/bucket';
import { idOf } from './day-site.ts';
import type { Random } from './random.ts';

/** A bucket of a day, by its rank. */
export function bucketAt(place: number): { readonly id: string; readonly bucket: Bucket } {
  const bucket = {
    program: `shop-${place % 7}`,
    programVersion: `2.${place % 13}.0`,
    module: `module-${place % 50}`,
    moduleVersion: `1.${place % 9}.4`,
    location: `src/features/part-${place}.ts#handle~${place % 30}`,
  };
  return { id: idOf(bucket), bucket };
}

/** Ranks from 0, the first drawn most: the one at rank r as often as 1 / (r + 1). */
export function zipf(count: number, { next }: Random): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank++) {
    sum += 1 / rank;
    sums.push(sum);
  }
  return () => {
    const at = next() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
