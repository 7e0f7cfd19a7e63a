import {
  BUNDLE_KINDS,
  type BundleHead,
  type BundleRecords,
  type CarriedReceipt,
  type CarriedTotal,
  MAX_RECORD_ITEMS,
} from '../bundle/bundle.ts';
import { MAX_TEXT } from '../limits.ts';
import type { Origin } from '../offer.ts';
import { signedVendorAnswer } from './answer.ts';
import { bucket } from './bucket.ts';
import { publicKey, quota, signedDemand, typeCount } from './demand.ts';
import { type Decoder, integer, list, optional, record, text, word } from './field.ts';
import { id } from './id.ts';
import { time } from './message.ts';
import { successions } from './succession.ts';

const whole = integer(0, Number.MAX_SAFE_INTEGER);

const origin: Decoder<Origin> = record<Origin>({ id, epoch: integer(1, Number.MAX_SAFE_INTEGER) });

const head: Decoder<BundleHead> = record<BundleHead>({
  bundleId: id,
  kind: word(BUNDLE_KINDS),
  key: publicKey,
  succession: successions,
  site: text(32, /^[0-9a-f]{32}$/, 'the mark of a site'),
  origin,
  at: time,
  inReplyTo: optional(id) as Decoder<string>,
});

const total: Decoder<CarriedTotal> = record<CarriedTotal>({
  bucket,
  hits: whole,
  holds: list(typeCount(0), 64),
});

const receipt: Decoder<CarriedReceipt> = record<CarriedReceipt>({
  entryId: id,
  result: word(['stored', 'duplicate', 'not-needed', 'refused']),
  digest: optional(text(71, /^sha256:[0-9a-f]{64}$/, 'a digest "sha256:…"')) as Decoder<string>,
  reason: optional(text(MAX_TEXT)) as Decoder<string>,
});

const records: { readonly [K in keyof BundleRecords]: Decoder<BundleRecords[K]> } = {
  totals: list(total, MAX_RECORD_ITEMS),
  demands: list(signedDemand, MAX_RECORD_ITEMS),
  quotas: list(quota, MAX_RECORD_ITEMS),
  receipts: list(receipt, MAX_RECORD_ITEMS),
  answers: list(signedVendorAnswer, MAX_RECORD_ITEMS),
};

/** The head of a bundle. */
export function decodeBundleHead(value: unknown): BundleHead {
  return head(value, '');
}

/** A record of a bundle that is JSON. */
export function decodeBundleRecord<K extends keyof BundleRecords>(name: K, value: unknown): BundleRecords[K] {
  return records[name](value, name);
}
