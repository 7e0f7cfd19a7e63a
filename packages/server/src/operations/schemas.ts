/**
 * Schemas of the messages, for `/openapi.json` only: the decoders of `@fr/protocol` are what checks them.
 * @module
 */
import { type TSchema, Type } from 'typebox';

const id = Type.String({ format: 'uuid' });
const bucketIdText = Type.String({ pattern: '^b[a-z2-7]{26}$' });
const typeCount = Type.Object({ type: Type.String(), count: Type.Integer() });

const bucket = Type.Object({
  program: Type.String(),
  programVersion: Type.String(),
  module: Type.String(),
  moduleVersion: Type.String(),
  location: Type.String(),
});

const outcome = Type.Union(['fatal', 'survived', 'handled', 'unknown'].map((word) => Type.Literal(word)));

const demand = Type.Object({
  terms: Type.Object({
    id: Type.String(),
    keyId: Type.String(),
    version: Type.Integer(),
    pattern: Type.Object({}, { additionalProperties: Type.String() }),
    types: Type.Array(typeCount),
    each: Type.Union([Type.Literal('demand'), Type.Literal('bucket')]),
    until: Type.Integer({ description: 'milliseconds since 1970' }),
    reason: Type.String(),
    author: Type.String(),
  }),
  signature: Type.String({ description: 'Ed25519, base64url' }),
});

const answer = Type.Object({
  terms: Type.Object({
    keyId: Type.String(),
    version: Type.Integer(),
    about: Type.String(),
    text: Type.String(),
    link: Type.Optional(Type.String({ format: 'uri' })),
    fixedIn: Type.Optional(Type.String()),
  }),
  signature: Type.String({ description: 'Ed25519, base64url' }),
});

const key = Type.String({ description: 'Ed25519 public key, base64url' });

const succession = Type.Optional(
  Type.Array(
    Type.Object({
      from: key,
      to: key,
      at: Type.Integer(),
      given: Type.String(),
      taken: Type.String(),
    }),
    { description: 'how the server came to that key, oldest first' },
  ),
);

export const hitsRequestSchema: TSchema = Type.Object({
  protocol: Type.Integer(),
  hits: Type.Array(
    Type.Object({ reportId: id, bucket, count: Type.Integer({ minimum: 1 }), outcome, at: Type.Integer() }),
  ),
  drops: Type.Optional(
    Type.Object(
      {
        reportId: id,
        counts: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer({ minimum: 1 }) })),
      },
      { description: 'occurrences the reporter has given up' },
    ),
  ),
  test: Type.Optional(Type.Boolean({ description: 'nothing of this is counted' })),
});

export const hitsReplySchema: TSchema = Type.Object({
  results: Type.Array(
    Type.Object({ reportId: id, result: Type.String(), reason: Type.Optional(Type.String()) }),
  ),
  demands: Type.Array(demand),
  answers: Type.Optional(Type.Array(answer)),
  key,
  succession,
});

export const entryReplySchema: TSchema = Type.Object({
  entryId: id,
  result: Type.String(),
  digest: Type.String(),
});

const numbers = Type.Array(Type.Integer());
const names = Type.Array(Type.String());

export const offerSchema: TSchema = Type.Object({
  protocol: Type.Integer(),
  origin: Type.Object({ id, epoch: Type.Integer() }),
  mark: Type.Optional(numbers),
  after: Type.Optional(numbers),
  table: Type.Optional(Type.Integer()),
  tag: Type.Optional(Type.String()),
  full: Type.Optional(
    Type.Object(
      {
        program: names,
        programVersion: names,
        module: names,
        moduleVersion: names,
        location: names,
        hits: numbers,
        first: Type.Optional(Type.Integer()),
      },
      { description: 'buckets in full, in columns' },
    ),
  ),
  numbered: Type.Optional(Type.Object({ number: numbers, hits: numbers })),
  holds: Type.Optional(Type.Object({ types: names, sets: Type.Array(numbers), of: numbers })),
});

const leaseSubject = {
  demandId: Type.String(),
  bucketId: bucketIdText,
  type: Type.String(),
  for: Type.Union(['deliver', 'collect'].map((word) => Type.Literal(word))),
};

export const leaseRequestSchema: TSchema = Type.Object({
  protocol: Type.Integer(),
  holder: id,
  asks: Type.Array(
    Type.Object({
      ...leaseSubject,
      count: Type.Integer({ minimum: 0, description: '0 gives back' }),
      fence: Type.Optional(Type.Integer()),
    }),
  ),
});

export const leaseReplySchema: TSchema = Type.Object({
  given: Type.Array(
    Type.Object({
      ...leaseSubject,
      count: Type.Integer({ minimum: 1 }),
      fence: Type.Integer({ description: 'for the header fr-lease' }),
      expiresInMs: Type.Integer(),
    }),
  ),
  refused: Type.Array(
    Type.Object({ ...leaseSubject, reason: Type.String(), retryAfterMs: Type.Optional(Type.Integer()) }),
  ),
});

export const offerReplySchema: TSchema = Type.Object({
  key,
  succession,
  tag: Type.Optional(Type.String()),
  demands: Type.Optional(Type.Array(demand)),
  quotas: Type.Array(
    Type.Object({
      demandId: Type.String(),
      bucketId: bucketIdText,
      type: Type.String(),
      count: Type.Integer(),
    }),
  ),
  partial: Type.Optional(Type.Boolean()),
  mark: Type.Optional(Type.Object({ cursor: Type.Integer(), nonce: Type.Integer() })),
  leases: Type.Optional(leaseReplySchema),
});

export const nothingSchema: TSchema = Type.Null({ description: 'counted; nothing is wanted' });
