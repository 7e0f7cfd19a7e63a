import { type Bucket, bucketId, bucketKey, problemId } from '@fr/bucket';
import { searchableText } from '../listing.ts';
import type { NamedBucket } from './writer/write.ts';

/** Crashes come in runs of one bucket; hashing each anew would cost more than counting it. */
const REMEMBERED = 4_096;

/** Works out the ids of buckets, remembering those seen last. */
export class BucketNames {
  readonly #known = new Map<string, NamedBucket>();

  of(bucket: Bucket): NamedBucket {
    const key = bucketKey(bucket);
    const named = this.#known.get(key) ?? {
      bucket,
      bucketId: bucketId(bucket),
      problemId: problemId(bucket),
      search: searchableText(bucket),
    };
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, named);
    return named;
  }
}
