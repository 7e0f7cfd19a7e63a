/**
 * Names the place where a program failed. A {@link Failure} goes in, a {@link Bucket} comes out: one fault, one
 * bucket, on any machine. The stack is parsed (`stack/`), every frame is placed in the program, a module or the
 * runtime, an ordered list of rules chooses the responsible one (`v1/`), and what they found is the location.
 * `explain` tells the same with reasons. Pure and synchronous; nothing here throws on any input.
 *
 * @module
 */
export type { Bucket } from './bucket.ts';
export { bucketKey, parseBucketKey, problemKey } from './bucket.ts';
export { bucketOf, explain } from './bucketing.ts';
export type { ChosenFrame, Explanation, LeftOut, RuleNote } from './explanation.ts';
export { explanationText } from './explanation.ts';
export type {
  ErrorFacts,
  ErrorFailure,
  ExitFailure,
  Failure,
  FatalFailure,
  HangFailure,
  NativeFailure,
  OriginalPlace,
  RawSourceMap,
  SignalFailure,
  SourceLookup,
  SourceMap,
} from './failure.ts';
export { bucketId, isBucketId, isProblemId, problemId } from './identity.ts';
export { bucketName } from './name.ts';
export type { Scheme } from './scheme.ts';
export { CURRENT_SCHEME, SCHEMES } from './scheme.ts';
export { errorFromStack } from './stack-text.ts';
