/**
 * What the parties of fr say to each other: hits go up, demands come down, offers ask before a payload byte moves,
 * entries carry what was asked for. Values, limits and decoders only: no input or output happens here. PROTOCOL.md
 * beside this package is the normative text.
 * @module
 */
export type { AnswerTerms, SignedAnswer, SignedVendorAnswer, VendorAnswerTerms } from './answer.ts';
export type { AnswersReply, AnswersRequest } from './answers-message.ts';
export {
  BUNDLE_END_BYTES,
  BUNDLE_FORMAT,
  BUNDLE_KINDS,
  BUNDLE_RECORDS,
  type BundleHead,
  type BundleKind,
  type BundleRecordName,
  type BundleRecords,
  type BundleSeal,
  type CarriedReceipt,
  type CarriedTotal,
  MAX_RECORD_ITEMS,
  printBundleEnd,
  printBundleHead,
  printRecordHead,
} from './bundle/bundle.ts';
export { decodeSignedAnswer, decodeSignedVendorAnswer } from './decode/answer.ts';
export { decodeAnswersReply, decodeAnswersRequest } from './decode/answers-message.ts';
export { decodeBundleHead, decodeBundleRecord } from './decode/bundle.ts';
export { decodeSignedDemand } from './decode/demand.ts';
export { decodeEntryHeader, decodeEntryReply, decodeReceipt } from './decode/entry.ts';
export { decodeHitsReply, decodeHitsRequest } from './decode/hit.ts';
export { decodeLeaseReply, decodeLeaseRequest } from './decode/lease.ts';
export { decodeOffer, decodeOfferReply } from './decode/offer.ts';
export { decodeSuccessions } from './decode/succession.ts';
export type { DemandConditions, DemandTerms, Quota, SignedDemand, TypeCount } from './demand/demand.ts';
export { type DemandPattern, matchesBucket, matchesGlob, PATTERN_FIELDS } from './demand/pattern.ts';
export type { EntryHeader, EntryPart, EntryReply, Receipt } from './entry/entry.ts';
export {
  describePart,
  frameSize,
  type PartContent,
  printEntryHead,
  printFrame,
  writeFrame,
} from './entry/frame.ts';
export { type FramePiece, readFrame } from './entry/frame-reader.ts';
export {
  DROP_REASONS,
  type DropCount,
  type DropReason,
  type DropReport,
  type Hit,
  type HitResult,
  type HitsReply,
  type HitsRequest,
  OUTCOMES,
  type Outcome,
} from './hit.ts';
export {
  CONSENT_LEVELS,
  type ConsentLevel,
  INFORMATION_TYPES,
  type InformationTypeFacts,
  informationType,
  isInformationTypeName,
  levelAllows,
} from './information-type.ts';
export {
  HEAVY_PART_BYTES,
  isCollectedUnderLease,
  LEASE_PURPOSES,
  LEASE_REFUSALS,
  type Lease,
  type LeaseAsk,
  type LeasePurpose,
  type LeaseRefusal,
  type LeaseRefusalReason,
  type LeaseReply,
  type LeaseRequest,
  type LeaseSubject,
  parseFences,
  printFences,
} from './lease.ts';
export {
  MAX_ANSWER_LIFE_MS,
  MAX_BUCKET_FIELD,
  MAX_DEMAND_LIFE_MS,
  MAX_DEMANDS,
  MAX_DEPTH,
  MAX_DROP_COUNTS,
  MAX_ENTRY_BYTES,
  MAX_ENTRY_HEADER_BYTES,
  MAX_ENTRY_PARTS,
  MAX_EXPANSION,
  MAX_HIT_COUNT,
  MAX_HITS,
  MAX_ITEMS,
  MAX_LEASES,
  MAX_MESSAGE_BYTES,
  MAX_OFFERED_BUCKETS,
  MAX_REPORT_AGE_MS,
  MAX_SUCCESSIONS,
  MAX_TEXT,
  MAX_VENDOR_ANSWERS,
} from './limits.ts';
export {
  type HeldTotal,
  type Mark,
  NOTHING_TOLD,
  type NumberedBucket,
  type Offer,
  type OfferedBucket,
  type OfferReply,
  type Origin,
} from './offer.ts';
export { type OfferColumns, offerColumns } from './offer-columns.ts';
export {
  PROBLEM_CODES,
  type ProblemCode,
  type ProblemDocument,
  problemDocument,
} from './problem-document.ts';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
export { LEASE_HEADER, MEDIA_TYPE, ROUTES } from './routes.ts';
export type { Succession } from './succession.ts';
export { ENTRY_FORMAT, PROTOCOL_VERSION } from './version.ts';
