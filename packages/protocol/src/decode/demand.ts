import type { DemandConditions, DemandTerms, Quota, SignedDemand, TypeCount } from '../demand/demand.ts';
import type { DemandPattern } from '../demand/pattern.ts';
import { isInformationTypeName } from '../information-type.ts';
import { MAX_BUCKET_FIELD, MAX_TEXT } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { type Decoder, integer, list, optional, record, text, word } from './field.ts';
import { bucketIdText, demandId, problemIdText } from './id.ts';
import { time } from './message.ts';

const MAX_COUNT = 1_000_000;

type Bounds = NonNullable<DemandConditions['hits']>;

/** A type's name, ours or a newer peer's. */
export const typeName: Decoder<string> = (value, path) => {
  if (typeof value === 'string' && isInformationTypeName(value)) return value;
  throw new ProtocolError('malformed', 'expected the name of an information type', { path });
};

/** Fingerprint of a key. */
export const keyId: Decoder<string> = text(26, /^[a-z2-7]{26}$/, 'a key fingerprint of 26 characters');

/** An Ed25519 public key. */
export const publicKey: Decoder<string> = text(
  43,
  /^[A-Za-z0-9_-]{43}$/,
  'a public key of 32 bytes as base64url',
);

/** An information type with a count of at least `min`. */
export function typeCount(min: number): Decoder<TypeCount> {
  return record<TypeCount>({ type: typeName, count: integer(min, MAX_COUNT) });
}

// `optional` may give undefined; `record` then leaves the member out, as exact optional members want it.
const glob = optional(text(MAX_BUCKET_FIELD)) as Decoder<string>;

/** Which buckets are spoken of. */
export const pattern: Decoder<DemandPattern> = record<DemandPattern>({
  bucketId: optional(bucketIdText) as Decoder<string>,
  problemId: optional(problemIdText) as Decoder<string>,
  program: glob,
  programVersion: glob,
  module: glob,
  moduleVersion: glob,
  location: glob,
});

const hits = optional(integer(0, Number.MAX_SAFE_INTEGER)) as Decoder<number>;

// A condition that only a newer peer knows is left out here, and then the signature does not hold: it is never ignored.
const conditions: Decoder<DemandConditions> = record<DemandConditions>({
  platforms: optional(list(text(64, /^[a-z0-9*-]+$/, 'a platform, as in linux-x64'), 16)) as Decoder<
    readonly string[]
  >,
  programVersion: glob,
  hits: optional(record<Bounds>({ atLeast: hits, atMost: hits })) as Decoder<Bounds>,
});

const terms: Decoder<DemandTerms> = record<DemandTerms>({
  id: demandId,
  keyId,
  version: integer(1, Number.MAX_SAFE_INTEGER),
  pattern,
  when: optional(conditions) as Decoder<DemandConditions>,
  types: list(typeCount(1), 64),
  each: word(['demand', 'bucket']),
  until: time,
  reason: text(MAX_TEXT),
  author: text(MAX_TEXT),
});

/** An Ed25519 signature. */
export const signature: Decoder<string> = text(
  86,
  /^[A-Za-z0-9_-]{86}$/,
  'a signature of 64 bytes as base64url',
);

/** A demand in the one form it has at every hop. Says nothing about whether its signature holds. */
export const signedDemand: Decoder<SignedDemand> = record<SignedDemand>({
  terms,
  signature,
});

/** What is left of a demand for one bucket. */
export const quota: Decoder<Quota> = record<Quota>({
  demandId,
  bucketId: bucketIdText,
  type: typeName,
  count: integer(0, MAX_COUNT),
});

/** A demand read back from disk. */
export function decodeSignedDemand(value: unknown): SignedDemand {
  return signedDemand(value, '');
}
