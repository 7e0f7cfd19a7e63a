import { type Bucket, bucketId, bucketKey, problemId } from '@fr/bucket';
import { searchableText } from '../listing.ts';
import type { NamedBucket } from './writer/write.ts';

/** Crashes come in runs of the same buckets; hashing each anew would cost more than counting it. */
const REMEMBERED = 8_192;

/** Works out the ids of buckets, remembering those seen last: at least so many, at most twice as many. */
export class BucketNames {
  #recent = new Map<string, NamedBucket>();
  #older = new Map<string, NamedBucket>();

  of(bucket: Bucket): NamedBucket {
    const key = bucketKey(bucket);
    const recent = this.#recent.get(key);
    if (recent) return recent;
    const named = this.#older.get(key) ?? nameBucket(bucket);
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, named);
    return named;
  }
}

function nameBucket(bucket: Bucket): NamedBucket {
  return {
    bucket,
    bucketId: bucketId(bucket),
    problemId: problemId(bucket),
    search: searchableText(bucket),
  };
}
