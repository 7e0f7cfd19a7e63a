/**
 * Everything that a program needs only when it fails, or has failed before: facts, bucket, spool, answers. Built into a file of its own, which the
 * host keeps as text and compiles at its first failure, so that programs that never fail do not pay for it.
 * @module
 */
export { takeUntold } from '../spool/answer-cache.ts';
export { flushed } from './flush.ts';
export { Noting, type NotingPorts } from './noting.ts';
