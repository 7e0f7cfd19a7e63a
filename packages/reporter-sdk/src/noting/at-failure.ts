/**
 * Everything that a program needs only when something happens to it: facts, bucket, spool, answers, trail, workers; and
 * what reads settings that few programs have. Built into a file of its own, which the host keeps as text and compiles
 * when it is first needed, so that other programs do not pay for it.
 * @module
 */
export { wake } from '../host/awake.ts';
export { answeredConsent, declared, hangAfter, mostConsent } from '../host/settings/rare-settings.ts';
export { watchFromWorker } from '../host/workers/watch-from-worker.ts';
export { misread } from '../misread.ts';
