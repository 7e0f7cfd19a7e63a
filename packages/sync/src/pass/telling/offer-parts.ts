import type { Bucket } from '@fr/bucket';
import { MAX_ITEMS, MAX_MESSAGE_BYTES, MAX_OFFERED_BUCKETS } from '@fr/protocol';
import type { ChangedBucket } from './changed-buckets.ts';

/** Values and bytes of an offer around its buckets, generously. */
const AROUND = 1000;

/** Cuts a list of buckets so that each part fits into one message. */
export function offerParts(buckets: readonly ChangedBucket[]): readonly (readonly ChangedBucket[])[] {
  const parts: ChangedBucket[][] = [];
  let part: ChangedBucket[] = [];
  let [values, bytes] = [AROUND, AROUND];
  for (const bucket of buckets) {
    const more = sizeOf(bucket);
    const fits =
      part.length < MAX_OFFERED_BUCKETS &&
      values + more.values <= MAX_ITEMS &&
      bytes + more.bytes <= MAX_MESSAGE_BYTES;
    if (!fits && part.length > 0) {
      parts.push(part);
      part = [];
      [values, bytes] = [AROUND, AROUND];
    }
    part.push(bucket);
    values += more.values;
    bytes += more.bytes;
  }
  return part.length > 0 ? [...parts, part] : parts;
}

function sizeOf({ bucket, holds, known }: ChangedBucket): {
  readonly values: number;
  readonly bytes: number;
} {
  const types = holds.reduce((sum, { type }) => sum + 3 + type.length, 0);
  return {
    values: 10 + 3 * holds.length,
    bytes: 40 + 9 * holds.length + types + (known ? 0 : textBytes(bucket)),
  };
}

function textBytes(bucket: Bucket): number {
  return Object.values(bucket).reduce((sum: number, text: string) => sum + 5 + Buffer.byteLength(text), 0);
}
