/**
 * Between a site and its vendor: ask, compare, send only what was asked, and prove it. At the site, a pass loads the
 * pending entries, offers buckets, hears demands, decides about each entry by a pure function of policy, approvals and
 * quotas, writes the ledger, and only then lets bytes leave. The vendor's half answers offers, gates entries and
 * closes demands that are met. What both need of a store is stated as small ports.
 * @module
 */
export { type AcceptedAnswers, acceptAnswers } from './answers/accept-answers.ts';
export { type AskAnswersOptions, answersTag, askAnswers } from './answers/ask-answers.ts';
export {
  answersPassedOn,
  createHeardAnswers,
  type HeardAnswer,
  type HeardAnswers,
  heldBack,
  type PassingOn,
  type PresentedAnswers,
} from './answers/heard-answers.ts';
export {
  type AnswerContent,
  createVendorAnswers,
  type VendorAnswerStore,
  type VendorAnswers,
} from './answers/vendor-answers.ts';
export { withOwnCopy } from './bundle/bundle-file.ts';
export type { BundleRefusal } from './bundle/bundle-refusal.ts';
export { type ExportOptions, type ExportSummary, exportBundle } from './bundle/export-bundle.ts';
export {
  type BundleSummary,
  type EnrolledSite,
  type ImportBundleOptions,
  importBundle,
  type ReplyOptions,
  type TakenBundle,
  writeReply,
} from './bundle/import-bundle.ts';
export { type ImportReplyOptions, importReply, type ReplySummary } from './bundle/import-reply.ts';
export { withStanding } from './bundle/standing.ts';
export { type DecisionInput, decide, type EntryFacts } from './decision/decision.ts';
export type { EntryReview, ReviewOf } from './decision/entry-review.ts';
export { type EntryStanding, entryStanding } from './decision/entry-standing.ts';
export type { Spent } from './decision/gates.ts';
export type { Decision } from './decision/verdict.ts';
export {
  asksAbout,
  type ConditionFacts,
  parseConditions,
  printConditions,
  unmetCondition,
} from './demand/conditions.ts';
export { type DemandStanding, demandStanding } from './demand/demand-standing.ts';
export type { Approval, CreditCount, StoredDemand } from './demand/stored-demand.ts';
export type { Destination, FrameBytes, UploadResult } from './destination/destination.ts';
export {
  type HttpDestination,
  type HttpDestinationOptions,
  httpDestination,
} from './destination/http-destination.ts';
export type { EntryCredit, EntryGate, EntryVerdict } from './entry-gate.ts';
export type { HeldLease, KeptBook, LeaseLife, LeaseVerdict, SlotAsk } from './lease/lease-book.ts';
export { LeaseBook } from './lease/lease-book.ts';
export {
  createLeaseDesk,
  type LeaseClocks,
  type LeaseDesk,
  type LeaseShelf,
  openLeaseDesk,
} from './lease/lease-desk.ts';
export { type Ledger, type LedgerOptions, openLedger } from './ledger/ledger.ts';
export { LEDGER_CSV_HEAD, ledgerCsvLine } from './ledger/ledger-csv.ts';
export { type LedgerSum, type LedgerSums, ledgerSums } from './ledger/ledger-sums.ts';
export { type LedgerCheck, type LedgerExpectation, readLedger, verifyLedger } from './ledger/read-ledger.ts';
export type { ChainedRecord, LedgerEvent, LedgerRecord } from './ledger/record.ts';
export { SentSamples } from './ledger/sent-samples.ts';
export type { LeavingEntry } from './pass/leaving-entry.ts';
export type { PassOptions } from './pass/pass-options.ts';
export { createPassRunner, type PassRunner } from './pass/pass-runner.ts';
export type { DemandsHeard, EntryDecision, PassFailure, PassSummary } from './pass/pass-summary.ts';
export { runPass } from './pass/run-pass.ts';
export type {
  BucketsPort,
  DemandsPort,
  EntriesPort,
  HeldEntry,
  SettingsPort,
  SiteStore,
  TotalsPort,
} from './pass/site-store.ts';
export { endConversation } from './pass/telling/end-conversation.ts';
export { parseBytes, printBytes } from './policy/byte-size.ts';
export { explainPolicy, type PolicyExplanation, type PolicyStep } from './policy/explain-policy.ts';
export { nearestWord } from './policy/form/nearest-word.ts';
export { policySchema } from './policy/form/policy-schema.ts';
export { type ParsedPolicy, type PolicyProblem, parsePolicy } from './policy/parse-policy.ts';
export {
  type Caps,
  DEFAULT_POLICY,
  mayCollect,
  mayOffer,
  type OfferRule,
  type Patterns,
  type Policy,
  type PolicyAction,
  type PolicyRule,
  type Redaction,
  type RuleConditions,
  sendingSwitchedOff,
} from './policy/policy.ts';
export { type PartRedaction, redactionFor, redactText } from './policy/redaction/redaction.ts';
export {
  describeConditions,
  type PolicyQuestion,
  type PolicyRuling,
  policyRule,
} from './policy/ruling.ts';
export {
  describeWindow,
  nextOpening,
  type OpenWindow,
  openWindow,
  type SendWindow,
  type SentSince,
  shutWindow,
  type WallClock,
  type WallTime,
  type Weekday,
} from './policy/send-window.ts';
export { type UnreachableRule, unreachableRules } from './policy/unreachable-rules.ts';
export { type ExaminedEntry, examineEntry } from './preview/examined-entry.ts';
export {
  type PassPreview,
  type PreviewedEntry,
  type PreviewOptions,
  previewPass,
} from './preview/preview-pass.ts';
export { parseDuration } from './schedule/duration.ts';
export { createSchedule, type Schedule, type ScheduleOptions } from './schedule/schedule.ts';
export type { CollectionInput } from './site/collection.ts';
export { demandsForReporters } from './site/demands-for-reporters.ts';
export { countHoldings, type HoldingRow, type Holdings } from './site/holdings.ts';
export { type LeaseInForce, leasesInForce } from './site/leases-in-force.ts';
export { answerReporterLeases, type LeasingStore } from './site/reporter-leases.ts';
export { DEFAULT_SITE_DEMAND, type SiteDefault } from './site/site-default.ts';
export { type IntakeStore, siteGate } from './site/site-gate.ts';
export { SyncError, type SyncErrorCode } from './sync-error.ts';
export { enrolAnew, knownVendorKeys } from './trust/vendor-trust.ts';
export { answerOffer } from './vendor/answer-offer.ts';
export {
  createFixes,
  type Fix,
  type Fixes,
  type FixStore,
  fixStanding,
  type SeenAgain,
} from './vendor/fixes.ts';
export { closeMetDemands, createDemand, signDemandsAnew, withdrawDemand } from './vendor/own-demand.ts';
export { DEFAULT_VENDOR_DEMAND, type VendorDefault } from './vendor/vendor-default.ts';
export { vendorGate } from './vendor/vendor-gate.ts';
export { answerLeases, type VendorLeasing } from './vendor/vendor-leases.ts';
export type {
  MergePort,
  OwnDemandsPort,
  ReportedBucketsPort,
  VendorStore,
} from './vendor/vendor-store.ts';
export { compareVersions } from './version/compare-versions.ts';
