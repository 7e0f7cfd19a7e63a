/**
 * The parts servers of fr are composed from: Fastify plugins for the reporter's, the site's and the administrator's
 * side of HTTP, each taking what it needs as functions, so that any store and any rules can stand behind them.
 * @module
 */
export { type Access, createAccess, type TokenRecord } from './access/access.ts';
export { claimFolder, type FolderRole } from './access/folder-role.ts';
export { callerOf, type Guard, openGuard, reporterGuard, tokenGuard } from './access/guard.ts';
export { loadServerKey, type ServerKey } from './access/server-key.ts';
export { type AdministrationOptions, administration } from './administration/administration.ts';
export { answerVerbs } from './administration/answer-verbs.ts';
export { nothingCalled, showEntry } from './administration/entry-verbs.ts';
export { type KeyVerbsOptions, keyVerbs } from './administration/key-verbs.ts';
export { type ListingOptions, listingVerbs, printBucket } from './administration/listing-verbs.ts';
export { type TokenVerbsOptions, tokenVerbs } from './administration/token-verbs.ts';
export {
  callVerb,
  flagParam,
  listParam,
  neededParam,
  numberParam,
  type Params,
  textParam,
  type Verb,
} from './administration/verb.ts';
export { createServer, type HttpServer, type ServerOptions } from './http/create-server.ts';
export { messages, sendMessage } from './http/messages.ts';
export { sendProblem } from './http/problem-reply.ts';
export { ServerError } from './http/server-error.ts';
export { type Answers, createAnswers } from './intake/answers.ts';
export { type EntriesOptions, entriesIntake } from './intake/entries.ts';
export { type HitsOptions, hitsIntake } from './intake/hits.ts';
export { type LeasesOptions, leasesIntake } from './intake/leases.ts';
export { type OffersOptions, offersIntake } from './intake/offers.ts';
export { createReporterDesk, type ReporterDesk, type ReporterDeskOptions } from './intake/reporter-desk.ts';
export { type VendorAnswersOptions, vendorAnswersIntake } from './intake/vendor-answers.ts';
export { type AttemptCounts, createAttemptCounts } from './operations/attempt-counts.ts';
export {
  type CountedOutcome,
  describeApi,
  type OperationsOptions,
  operations,
} from './operations/operations.ts';
