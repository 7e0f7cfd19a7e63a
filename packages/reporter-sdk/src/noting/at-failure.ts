/**
 * Everything that a program needs only when it fails, has failed before or leaves breadcrumbs: facts, bucket, spool,
 * answers, trail. Built into a file of its own, which the host keeps as text and compiles when it is first needed, so that
 * other programs do not pay for it.
 * @module
 */
export { takeUntold } from '../spool/answer-cache.ts';
export { listenForCrumbs } from '../trail/sources.ts';
export { beginTrail } from '../trail/trail.ts';
export { flushed } from './flush.ts';
export { Noting, type NotingPorts } from './noting.ts';
