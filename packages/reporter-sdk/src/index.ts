/**
 * Crash reporting for a Node program, from inside it. {@link init} adds one listener; when the program fails, the raw
 * facts are written to a spool and a separate executable, `fr-reporter`, reports the bucket after the program is gone.
 * The program keeps its exit code, its stderr and its own handlers, and no network is touched in it. Nothing but the
 * bucket and a count is sent unless the site's server asks for it. `@fr/reporter-sdk/register` does the same with
 * settings from the environment.
 * @module
 */
export type { AskPerson, ConsentQuestion } from './consent/consent-question.ts';
export type { FileDeclaration } from './declared-files.ts';
export { type FrHandle, init } from './host/handle.ts';
export type { BeforeReport, FailurePreview, OwnCollector } from './host/own-code.ts';
export type { InitOptions } from './host/settings/settings.ts';
export type { Answer } from './spool/answer-cache.ts';
export type { Breadcrumb } from './trail/breadcrumbs.ts';
export type { CrumbSource } from './trail/sources.ts';
