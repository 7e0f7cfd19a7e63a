import { type Bucket, bucketId, bucketOf, type Failure } from '@fr/bucket';
import { type Hit, MAX_BUCKET_FIELD } from '@fr/protocol';
import { sourceReader } from '../source-text.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';

/** A failure together with the bucket it belongs to: made here, outside the program that failed. */
export interface FailureReport {
  readonly facts: FailureFacts;
  readonly bucket: Bucket;
  readonly bucketId: string;
  readonly hit: Hit;
}

/**
 * Makes the report from the facts in the spool. Source files that were changed since the failure would give another
 * place than the one that failed; then what the host saw holds.
 */
export function failureReport(facts: FailureFacts): FailureReport {
  const { source, sourceMap, outdated } = sourceReader(facts.at);
  const computed = bucketOf({ ...facts.failure, source, sourceMap } as Failure);
  const bucket = withinLimits(outdated() ? (facts.seen ?? computed) : computed);
  const { reportId, count, outcome, at } = facts;
  return { facts, bucket, bucketId: bucketId(bucket), hit: { reportId, bucket, count, outcome, at } };
}

function withinLimits(bucket: Bucket): Bucket {
  const cut = (text: string): string => text.slice(0, MAX_BUCKET_FIELD);
  return {
    program: cut(bucket.program),
    programVersion: cut(bucket.programVersion),
    module: cut(bucket.module),
    moduleVersion: cut(bucket.moduleVersion),
    location: cut(bucket.location),
  };
}
