/**
 * What is carried by hand between a site and its vendor where no network is: one file, sealed at its end, so that it can
 * be written while it is made and is nothing before it is whole.
 *
 *     fr-bundle 1\n
 *     {"bundleId":…,"kind":"offer",…}\n        the head
 *     totals 1234\n<1234 bytes>\n              records, in whatever number and order; JSON, but for entries
 *     entry 5678\n<5678 bytes: a frame>\n
 *     end sha256:<64 hex> <signature> <mac>\n  over everything before this line
 *
 * @module
 */

import type { Bucket } from '@fr/bucket';
import type { SignedVendorAnswer } from '../answer.ts';
import type { Quota, SignedDemand, TypeCount } from '../demand/demand.ts';
import type { Origin } from '../offer.ts';
import type { Succession } from '../succession.ts';

/** The version of the form. */
export const BUNDLE_FORMAT = 1;

/** `offer`: from a site. `reply`: from its vendor. */
export const BUNDLE_KINDS = ['offer', 'reply'] as const;
export type BundleKind = (typeof BUNDLE_KINDS)[number];

/** What the first lines say: who wrote it, for whom, and when. */
export interface BundleHead {
  /** UUID made by whoever wrote it. */
  readonly bundleId: string;
  readonly kind: BundleKind;
  /** Public key of whoever wrote it, base64url of 32 bytes. */
  readonly key: string;
  /** How it came to that key, oldest first; absent where it never had another. */
  readonly succession?: readonly Succession[];
  /** Stands for the site's token without giving it away; see `siteMark`. */
  readonly site: string;
  /** The site's; in a reply that of the offer. */
  readonly origin: Origin;
  /** Milliseconds since 1970; replies to one site rise. */
  readonly at: number;
  /** In a reply: the bundle it answers; absent where it answers none. */
  readonly inReplyTo?: string;
}

/** One bucket of a site, as in an offer. */
export interface CarriedTotal {
  readonly bucket: Bucket;
  readonly hits: number;
  readonly holds: readonly TypeCount[];
}

/** What became of an entry that came with a bundle. */
export interface CarriedReceipt {
  readonly entryId: string;
  readonly result: 'stored' | 'duplicate' | 'not-needed' | 'refused';
  /** Of the frame the vendor holds; with `stored` and `duplicate`. */
  readonly digest?: string;
  /** Why it was refused. */
  readonly reason?: string;
}

/** Records by name, and what their JSON is; an `entry` is a frame. */
export interface BundleRecords {
  readonly totals: readonly CarriedTotal[];
  readonly demands: readonly SignedDemand[];
  readonly quotas: readonly Quota[];
  readonly receipts: readonly CarriedReceipt[];
  readonly answers: readonly SignedVendorAnswer[];
}

/** Names of the records in a bundle. */
export const BUNDLE_RECORDS = ['totals', 'demands', 'quotas', 'receipts', 'answers', 'entry'] as const;
export type BundleRecordName = (typeof BUNDLE_RECORDS)[number];

/** Items in one JSON record; a bundle with more has several. */
export const MAX_RECORD_ITEMS = 200;

const MAGIC = `fr-bundle ${BUNDLE_FORMAT}\n`;

/** The first two lines. */
export function printBundleHead(head: BundleHead): Uint8Array {
  return new TextEncoder().encode(`${MAGIC}${JSON.stringify(head)}\n`);
}

/** The line in front of a record. */
export function printRecordHead(name: BundleRecordName, bytes: number): Uint8Array {
  return new TextEncoder().encode(`${name} ${bytes}\n`);
}

/** What seals a bundle. */
export interface BundleSeal {
  /** `sha256:<64 hex>` of everything before the last line. */
  readonly digest: string;
  /** Ed25519, base64url. */
  readonly signature: string;
  /** HMAC-SHA256 with what both sides keep of the token, hex. */
  readonly mac: string;
}

/** The last line. */
export function printBundleEnd({ digest, signature, mac }: BundleSeal): Uint8Array {
  return new TextEncoder().encode(`end ${digest} ${signature} ${mac}\n`);
}

/** Bytes of the last line, which are always as many. */
export const BUNDLE_END_BYTES: number = 'end '.length + 71 + 1 + 86 + 1 + 64 + 1;
