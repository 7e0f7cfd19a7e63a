/**
 * What an upload still has to pass when a demand wants it and the rules let it go: somebody's look at the entry, and the
 * caps. Both only ever hold back.
 * @module
 */
import { bucketId } from '@fr/bucket';
import { type EntryHeader, frameSize } from '@fr/protocol';
import { printBytes } from '../policy/byte-size.ts';
import type { Caps, Policy } from '../policy/policy.ts';
import { shutWindow } from '../policy/send-window.ts';
import type { ReviewOf } from './entry-review.ts';
import type { Decision } from './verdict.ts';

/** What has left already; the ledger's own count. */
export interface Spent {
  /** Bytes that left in the 24 hours before. */
  bytesInDay(now: number): number;
  /** Bytes that left since then, at most a day back. */
  bytesSince(since: number): number;
  /** Entries of a bucket, other than this one, that ever left. */
  entriesOfBucket(bucketId: string, exceptEntryId: string): number;
}

/** What the gates know besides the policy. */
export interface GateFacts {
  readonly policy: Policy;
  readonly to: string;
  readonly now: number;
  /** Absent: nobody has looked at anything. */
  readonly reviews?: ReviewOf | undefined;
  /** Absent: nothing has left so far. */
  readonly spent?: Spent | undefined;
}

/** The decision, or what becomes of it at a gate. */
export function throughGates(decision: Decision, header: EntryHeader, facts: GateFacts): Decision {
  if (decision.verdict !== 'upload') return decision;
  const reviewed = facts.policy.review === 'entry' ? underReview(decision, header, facts) : decision;
  if (reviewed.verdict !== 'upload') return reviewed;
  const over = overCap(reviewed, header, facts);
  return over === undefined ? reviewed : { ...reviewed, verdict: 'keep', reason: over };
}

function underReview(decision: Decision, { entryId }: EntryHeader, { reviews, to }: GateFacts): Decision {
  const review = reviews?.(entryId);
  if (!review || review.to !== to) {
    const reason = 'somebody has to look at it before it leaves (`fr-admin review`)';
    return { ...decision, verdict: 'await-approval', gate: 'review', reason };
  }
  if (review.decision === 'denied') {
    return { ...decision, verdict: 'refuse', reason: `${review.by} looked at it and said that it stays` };
  }
  const types = decision.types.filter((type) => Object.hasOwn(review.parts, type));
  if (types.length === 0) {
    const reason = `${review.by} looked at it and left out ${decision.types.join(', ')}`;
    return { ...decision, verdict: 'refuse', reason };
  }
  const approvedBy = [...new Set([...(decision.approvedBy ?? []), review.by])];
  const reason = `${decision.reason}; ${review.by} looked at it`;
  return { ...decision, types, approvedBy, reviewed: review.parts, reason };
}

function overCap(decision: Decision, header: EntryHeader, facts: GateFacts): string | undefined {
  const { caps = {} } = facts.policy;
  const parts = header.parts.filter(({ type }) => decision.types.includes(type));
  const { headerBytes, payloadBytes } = frameSize({ ...header, demands: decision.demands, parts });
  return (
    overSize(caps, headerBytes + payloadBytes) ??
    overCount(caps, header, facts) ??
    overDay(caps, headerBytes + payloadBytes, facts) ??
    outOfSchedule(headerBytes + payloadBytes, facts)
  );
}

function overSize({ entryBytes }: Caps, bytes: number): string | undefined {
  if (entryBytes === undefined || bytes <= entryBytes) return undefined;
  return `it has ${printBytes(bytes)}, the policy's cap on one entry is ${printBytes(entryBytes)}`;
}

function overCount(
  { entriesPerBucket }: Caps,
  { bucket, entryId }: EntryHeader,
  { spent }: GateFacts,
): string | undefined {
  if (entriesPerBucket === undefined) return undefined;
  const sent = spent?.entriesOfBucket(bucketId(bucket), entryId) ?? 0;
  if (sent < entriesPerBucket) return undefined;
  return `${sent} of this bucket have left, the policy's cap is ${entriesPerBucket}`;
}

function overDay({ bytesPerDay }: Caps, bytes: number, { spent, now }: GateFacts): string | undefined {
  if (bytesPerDay === undefined) return undefined;
  const sent = spent?.bytesInDay(now) ?? 0;
  return sent + bytes <= bytesPerDay ? undefined : `not now: ${overDayWords(bytesPerDay, sent, bytes)}`;
}

function outOfSchedule(bytes: number, { policy, spent, now }: GateFacts): string | undefined {
  const why = shutWindow(policy.schedule, { at: now, bytes, sent: spent });
  return why === undefined ? undefined : `not now: ${why}`;
}

/** Why so many bytes may not leave today. */
export function overDayWords(bytesPerDay: number, sent: number, bytes: number): string {
  return `the policy's cap is ${printBytes(bytesPerDay)} in 24 hours; ${printBytes(sent)} have left, this has ${printBytes(bytes)}`;
}
