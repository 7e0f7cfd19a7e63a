import type { Bucket } from './bucket.ts';
import { bucketKey } from './bucket.ts';
import type { Explanation } from './explanation.ts';
import type { Failure } from './failure.ts';
import { bucketId, problemId } from './identity.ts';
import { bucketName } from './name.ts';
import { CURRENT_SCHEME } from './scheme.ts';
import { inSentences } from './v1/sentences.ts';

/** The bucket of a failure. Never throws: what cannot be read is left out, and {@link explain} says so. */
export function bucketOf(failure: Failure): Bucket {
  return CURRENT_SCHEME.judge(failure).bucket;
}

/** Why a failure has its bucket: the frame chosen, the rules that fired, what did not count. Never throws. */
export function explain(failure: Failure): Explanation {
  const { bucket, frame, notes } = CURRENT_SCHEME.judge(failure);
  return {
    scheme: CURRENT_SCHEME.name,
    bucket,
    key: bucketKey(bucket),
    bucketId: bucketId(bucket),
    problemId: problemId(bucket),
    name: bucketName(bucket),
    ...(frame && { frame }),
    ...inSentences(notes),
  };
}
