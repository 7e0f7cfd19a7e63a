/**
 * A server's durable state, as an interface. Drivers live behind `/embedded` and `/memory`; the contract they all
 * pass is exported as `/conformance`.
 * @module
 */
export type { Approval, CreditCount, CreditPlace, Demands, StoredDemand } from './contract/demands.ts';
export type {
  AddResult,
  Credit,
  DropReason,
  Entries,
  EntryContent,
  EntryGate,
  EntryState,
  GateVerdict,
  StoredEntry,
} from './contract/entries.ts';
export type { HistoryFilter, HistoryPoint, HistoryStep } from './contract/history.ts';
export type { BucketTotal, ChangedTotals, Hits } from './contract/hits.ts';
export type { Identity } from './contract/identity.ts';
export {
  type BucketRow,
  type EntryRow,
  LOST_ON_DISK,
  type OutcomeCount,
  type Page,
  type ProblemRow,
  type Queries,
  type RowFilter,
  type RowOrder,
  type RowState,
  type Span,
} from './contract/queries.ts';
export type { Quotas } from './contract/quotas.ts';
export {
  RETENTION_REASONS,
  type Removal,
  type RetentionLimits,
  type RetentionReason,
  type RetentionReport,
} from './contract/retention.ts';
export type { Settings } from './contract/settings.ts';
export type { Store } from './contract/store.ts';
export { StoreError, type StoreErrorCode } from './contract/store-error.ts';
export { judge } from './retention/judge.ts';
export { SITE_LIMITS, VENDOR_LIMITS } from './retention/limits.ts';
