import { type Bucket, bucketId } from '@fr/bucket';
import {
  describePart,
  type EntryHeader,
  type EntryPart,
  type SignedDemand,
  type TypeCount,
} from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey, type SigningKey, signDemand, termsHash } from '@fr/protocol/signature';
import type { Approval, StoredDemand } from '@fr/sync';

/** Where the vendor is, in every test. */
export const VENDOR = 'https://vendor.example';
export const DAY = 86_400_000;
export const NOW = 1_800_000_000_000;
export const vendorKey: SigningKey = generateSigningKey();

export function bucketOf(program = 'shop', location = 'cart.js#total~3'): Bucket {
  return { program, programVersion: '2.1.0', module: 'cart', moduleVersion: '1.0.0', location };
}

export const bucket: Bucket = bucketOf();
export const id: string = bucketId(bucket);

/** Bytes that say which part of which entry they are. */
export function contentOf(entryId: string, type: string): Uint8Array {
  return new TextEncoder().encode(`content of ${type} of ${entryId}\n`.repeat(3));
}

export function headerOf(types: readonly string[], where: Bucket = bucket): EntryHeader {
  const entryId = uuidv7();
  const parts: readonly EntryPart[] = types.map((type) =>
    describePart(type, 'text/plain', contentOf(entryId, type)),
  );
  return {
    entryId,
    reportId: uuidv7(),
    bucket: where,
    outcome: 'fatal',
    at: NOW - 1000,
    demands: ['site-default'],
    parts,
  };
}

export function demandOf(
  types: readonly TypeCount[],
  more: Partial<SignedDemand['terms']> = {},
  key: SigningKey = vendorKey,
): SignedDemand {
  const { keyId: _keyId, ...rest } = more;
  return signDemand(
    {
      id: 'd-1',
      version: NOW,
      pattern: { program: 'shop' },
      types,
      each: 'bucket',
      until: NOW + 7 * DAY,
      reason: 'the cart adds up wrongly',
      author: 'vendor support',
      ...rest,
    },
    key,
  );
}

export function storedOf(demand: SignedDemand, more: Partial<StoredDemand> = {}): StoredDemand {
  return { demand, source: VENDOR, seenAt: NOW, ...more };
}

export function decisionOn(demand: SignedDemand, decision: Approval['decision'] = 'approved'): Approval {
  return { decision, termsHash: termsHash(demand.terms), by: 'admin', at: NOW };
}
