import { bucketId, problemId } from '@fr/bucket';
import { type DemandTerms, matchesBucket, matchesGlob } from '@fr/protocol';
import {
  canonicalJson,
  checkDemand,
  fingerprint,
  generateSigningKey,
  issueToken,
  parseSigningKey,
  parseToken,
  printSigningKey,
  signDemand,
  termsHash,
} from '@fr/protocol/signature';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const BUCKET = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};
const NOW = 1_760_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const terms: Omit<DemandTerms, 'keyId'> = {
  id: 'd1',
  version: NOW,
  pattern: { bucketId: bucketId(BUCKET) },
  types: [{ type: 'diagnostic-report', count: 1 }],
  each: 'demand',
  until: NOW + 30 * DAY,
  reason: 'which coupon was it?',
  author: 'kim@vendor.example',
};

describe('demands', () => {
  test('a pattern matches by ids, by fields with stars, by all of them together, and never when empty', () => {
    expect(matchesBucket({ bucketId: bucketId(BUCKET) }, BUCKET)).toBe(true);
    expect(matchesBucket({ problemId: problemId(BUCKET) }, { ...BUCKET, programVersion: '2.0.0' })).toBe(
      true,
    );
    expect(matchesBucket({ bucketId: bucketId(BUCKET) }, { ...BUCKET, programVersion: '2.0.0' })).toBe(false);
    expect(matchesBucket({ program: 'ti*', location: '*totalOf' }, BUCKET)).toBe(true);
    expect(matchesBucket({ program: 'ti*', location: '*sumOf' }, BUCKET)).toBe(false);
    expect(matchesBucket({}, BUCKET)).toBe(false);
  });

  test('stars mean what a regular expression would make of them', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 }),
        (pieces, text) => {
          const expression = new RegExp(`^${pieces.map((each) => each.replaceAll('.', '\\.')).join('.*')}$`);
          expect(matchesGlob(pieces.join('*'), text)).toBe(expression.test(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a demand is believed only with its own signature, from the pinned key, in its time', () => {
    const key = generateSigningKey();
    const other = generateSigningKey();
    const demand = signDemand(terms, key);
    const trust = { pinned: key.keyId, publicKey: key.publicKey, now: NOW, maxLifeMs: 30 * DAY };
    expect(checkDemand(demand, trust)).toBeUndefined();
    expect(
      checkDemand({ ...demand, terms: { ...demand.terms, types: [{ type: 'core', count: 1 }] } }, trust),
    ).toBe('bad-signature');
    expect(checkDemand(signDemand(terms, other), trust)).toBe('foreign-key');
    expect(checkDemand(signDemand(terms, other), { ...trust, publicKey: other.publicKey })).toBe(
      'foreign-key',
    );
    expect(checkDemand(demand, { ...trust, now: terms.until })).toBe('expired');
    expect(checkDemand(demand, { ...trust, now: NOW - 2 * DAY })).toBe('too-long');
    expect(checkDemand(demand, { ...trust, lastVersion: NOW + 1 })).toBe('rolled-back');
    expect(checkDemand(demand, { ...trust, lastVersion: NOW })).toBeUndefined();
  });

  test('any change of the terms changes what an approval is bound to', () => {
    const full: DemandTerms = { ...terms, keyId: 'k'.repeat(26) };
    const changes: Partial<DemandTerms>[] = [
      { reason: 'other' },
      { until: 1 },
      { types: [] },
      { version: 2 },
      { author: 'x' },
      { each: 'bucket' },
    ];
    const hashes = [full, ...changes.map((change) => ({ ...full, ...change }))].map(termsHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('canonical JSON does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string())), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(members));
        expect(JSON.parse(canonicalJson(members))).toEqual(members);
      }),
    );
  });

  test('a key survives its file, and a token names the key it pins', () => {
    const key = generateSigningKey();
    expect(parseSigningKey(printSigningKey(key))).toMatchObject({
      keyId: key.keyId,
      publicKey: key.publicKey,
    });
    expect(fingerprint(key.publicKey)).toBe(key.keyId);
    const token = issueToken('frs', key.keyId);
    expect(parseToken(` ${token}\n`)).toMatchObject({ prefix: 'frs', fingerprint: key.keyId });
    expect(parseToken(token.slice(0, -1))).toBeUndefined();
    expect(parseToken(token.replace('frs_', 'frx_'))).toBeUndefined();
  });
});
