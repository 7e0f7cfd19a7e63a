import * as protocol from '@fr/protocol';
import * as ids from '@fr/protocol/ids';
import * as signature from '@fr/protocol/signature';
import * as wire from '@fr/protocol/wire';
import { expect, test } from 'vitest';

test('the public surface is this', () => {
  expect([protocol, ids, signature, wire].map((entry) => Object.keys(entry).sort())).toMatchInlineSnapshot(`
    [
      [
        "CONSENT_LEVELS",
        "ENTRY_FORMAT",
        "INFORMATION_TYPES",
        "MAX_BUCKET_FIELD",
        "MAX_DEMANDS",
        "MAX_DEMAND_LIFE_MS",
        "MAX_DEPTH",
        "MAX_ENTRY_BYTES",
        "MAX_ENTRY_HEADER_BYTES",
        "MAX_ENTRY_PARTS",
        "MAX_EXPANSION",
        "MAX_HITS",
        "MAX_HIT_COUNT",
        "MAX_ITEMS",
        "MAX_MESSAGE_BYTES",
        "MAX_OFFERED_BUCKETS",
        "MAX_REPORT_AGE_MS",
        "MAX_TEXT",
        "MEDIA_TYPE",
        "OUTCOMES",
        "PATTERN_FIELDS",
        "PROBLEM_CODES",
        "PROTOCOL_VERSION",
        "ProtocolError",
        "ROUTES",
        "decodeEntryHeader",
        "decodeEntryReply",
        "decodeHitsReply",
        "decodeHitsRequest",
        "decodeOffer",
        "decodeOfferReply",
        "decodeReceipt",
        "decodeSignedDemand",
        "describePart",
        "frameSize",
        "informationType",
        "isInformationTypeName",
        "levelAllows",
        "matchesBucket",
        "matchesGlob",
        "printEntryHead",
        "printFrame",
        "problemDocument",
        "readFrame",
        "writeFrame",
      ],
      [
        "normaliseId",
        "parseId",
        "printId",
        "uuidv7",
      ],
      [
        "canonicalJson",
        "checkDemand",
        "fingerprint",
        "generateSigningKey",
        "issueToken",
        "parseSigningKey",
        "parseToken",
        "printSigningKey",
        "signDemand",
        "termsHash",
        "tokenHash",
      ],
      [
        "decodeMessage",
        "decompress",
        "encodeMessage",
        "messageFormat",
      ],
    ]
  `);
});
