import { HEAVY_PART_BYTES, type LeasePurpose } from '@fr/protocol';
import type { LeaseDesk } from '../lease/lease-desk.ts';

/** What leases to reporters compete for. */
export function siteSlot(purpose: LeasePurpose, bucketId: string, type: string): string {
  return `${purpose} ${bucketId} ${type}`;
}

/** Whether a heavy part came along without a lease for it. */
export function lacksLease(
  desk: LeaseDesk,
  fences: readonly number[],
  bucketId: string,
  { type, bytes }: { readonly type: string; readonly bytes: number },
): boolean {
  if (bytes <= HEAVY_PART_BYTES) return false;
  return !fences.some((fence) => desk.find(fence)?.slot === siteSlot('deliver', bucketId, type));
}
