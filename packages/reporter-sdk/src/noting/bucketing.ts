/**
 * Where a failure belongs. Apart from the rest of noting and loaded when it is asked for: a program that dies needs no
 * bucket unless something is asked for at its next failure, and finding one for the first time takes 10 ms.
 * @module
 */
import { type Bucket, bucketId, bucketOf, type Failure } from '@fr/bucket';
import { sourceReader } from '../source-text.ts';
import type { NotedFailure } from '../spool/failure-facts.ts';

/** A bucket and its id. */
export interface Place {
  readonly bucket: Bucket;
  readonly bucketId: string;
}

/** Finds the bucket of a failure, from the source files as they are now. */
export function placeOf(failure: NotedFailure): Place {
  const { source, sourceMap } = sourceReader();
  const bucket = bucketOf({ ...failure, source, sourceMap } as Failure);
  return { bucket, bucketId: bucketId(bucket) };
}
