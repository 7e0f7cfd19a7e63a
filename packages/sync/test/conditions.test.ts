import type { DemandConditions } from '@fr/protocol';
import { checkDemand, termsHash } from '@fr/protocol/signature';
import {
  asksAbout,
  compareVersions,
  DEFAULT_POLICY,
  type DecisionInput,
  decide,
  parseConditions,
  printConditions,
  unmetCondition,
} from '@fr/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucket, DAY, demandOf, headerOf, id, NOW, storedOf, VENDOR, vendorKey } from './fixture.ts';

const word = fc.constantFrom('0', '1', '2', '10', '20', 'alpha', 'beta', 'rc', 'x-y');
const semver = fc
  .tuple(fc.nat(12), fc.nat(12), fc.nat(3), fc.array(word, { maxLength: 3 }), fc.constantFrom('', '+b.7'))
  .map(([major, minor, patch, words, build]) => {
    const behind = words.length > 0 ? `-${words.join('.')}` : '';
    return { text: `${major}.${minor}.${patch}${behind}${build}`, numbers: [major, minor, patch], words };
  });
const odd = fc.constantFrom(
  '1',
  '1.2',
  'v1.2',
  '1.2.3.4',
  '2024_01',
  '1.4a',
  '1.0-1',
  '2.0-rc',
  '1..2',
  '3-',
);
const version = fc.oneof(
  semver.map(({ text }) => text),
  odd,
);

/** Semver's own rules, 11.2 to 11.4, said another way. */
function bySemver(a: Parsed, b: Parsed): number {
  for (const index of [0, 1, 2]) {
    const order = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (order !== 0) return Math.sign(order);
  }
  if (a.words.length === 0 || b.words.length === 0)
    return Math.sign(Number(a.words.length === 0) - Number(b.words.length === 0));
  const [left, right] = [a.words.map(rank), b.words.map(rank)];
  for (const [index, mine] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (mine !== other) return mine < other ? -1 : 1;
  }
  return left.length < right.length ? -1 : 0;
}
type Parsed = { readonly numbers: readonly number[]; readonly words: readonly string[] };
/** Numbers sort before words, and each among its own kind. */
function rank(text: string): string {
  return /^[0-9]+$/.test(text) ? `0${text.padStart(9, '0')}` : `1${text}`;
}

describe('versions', () => {
  test('that are semantic are ordered as semver.org orders them', () => {
    const listed = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2'];
    const order = [...listed, '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '2.0.0', '2.1.0', '2.1.1'];
    for (const [index, a] of order.entries()) {
      for (const [other, b] of order.entries())
        expect(Math.sign(compareVersions(a, b) ?? 9)).toBe(Math.sign(index - other));
    }
    fc.assert(
      fc.property(semver, semver, (a, b) => {
        // A word with a dash in it is one identifier to semver.
        fc.pre(![...a.words, ...b.words].includes('x-y'));
        expect(Math.sign(compareVersions(a.text, b.text) ?? 9)).toBe(bySemver(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  test('of whatever form that begins with a number have one order: no circle, the same from both sides', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc, ac] = [compareVersions(a, b), compareVersions(b, c), compareVersions(a, c)];
        expect(Math.sign(compareVersions(b, a) ?? 9)).toBe(0 - Math.sign(ab ?? 9));
        expect(compareVersions(a, a)).toBe(0);
        if ((ab ?? 1) <= 0 && (bc ?? 1) <= 0) expect(ac ?? 1).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5_000 },
    );
  });

  test('that do not begin with a number are not compared with anything', () => {
    for (const text of ['nightly', '', 'f3a9c1', 'release-1.2'])
      for (const other of [text, '1.0.0']) expect(compareVersions(text, other)).toBeUndefined();
    expect(compareVersions('1.0.0', '1.0.20261123093000123456789')).toBeLessThan(0);
  });
});

const conditions: fc.Arbitrary<DemandConditions> = fc.record(
  {
    platforms: fc.array(fc.constantFrom('linux-x64', 'linux-*', 'win32-*', 'darwin-arm64'), {
      minLength: 1,
      maxLength: 3,
    }),
    programVersion: fc.constantFrom('2.*', '>=2 <3', '<1 || >=2.1', '=2.1.0', '>=3'),
    hits: fc.oneof(
      fc.record({ atLeast: fc.nat(20) }),
      fc.record({ atMost: fc.nat(20) }),
      fc.record({ atLeast: fc.nat(20), atMost: fc.nat(20) }),
    ),
  },
  { requiredKeys: [] },
);

describe('conditions of a demand', () => {
  test.each([
    [{ programVersion: '>=2 <3' }, {}, undefined],
    [{ programVersion: '>=3' }, {}, 'its version is 2.1.0, asked is for >=3'],
    [
      { programVersion: '>=3' },
      { bucket: { ...bucket, programVersion: 'nightly' } },
      'no version that could',
    ],
    [{ platforms: ['linux-*', 'win32-x64'] }, { entry: { platform: 'win32-x64' } }, undefined],
    [{ platforms: ['linux-*'] }, { entry: { platform: 'win32-x64' } }, 'failed on win32-x64'],
    [{ platforms: ['linux-*'] }, { entry: {} }, 'where it failed is not known'],
    [{ hits: { atLeast: 3 } }, { hits: 2 }, '2 hits, asked from 3 on'],
    [{ hits: { atMost: 3 } }, { hits: 4 }, '4 hits, asked up to 3'],
    [{ hits: { atLeast: 3, atMost: 4 } }, { hits: 4 }, undefined],
  ] as const)('%j, held against %j: %s', (when, facts, said) => {
    const unmet = unmetCondition(when, { bucket, ...facts });
    if (said === undefined) expect(unmet).toBeUndefined();
    else expect(unmet).toContain(said);
  });

  test('only ever narrow: with one more of them, nothing is asked that was not asked without', () => {
    const facts = fc.record({
      bucket: fc
        .constantFrom('1.0', '2.1.0', '3.0.0-rc.1', 'nightly')
        .map((programVersion) => ({ ...bucket, programVersion })),
      entry: fc.constantFrom(undefined, {}, { platform: 'linux-x64' }, { platform: 'win32-arm64' }),
      hits: fc.option(fc.nat(30), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        conditions,
        facts,
        fc.constantFrom('platforms', 'programVersion', 'hits'),
        (when, is, less) => {
          const { [less]: _one, ...fewer } = when;
          const pattern = { program: 'shop' };
          if (asksAbout({ pattern, when }, is)) expect(asksAbout({ pattern, when: fewer }, is)).toBe(true);
          if (asksAbout({ pattern, when: fewer }, is)) expect(asksAbout({ pattern }, is)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('are read as they are printed, and a slip is named', () => {
    fc.assert(
      fc.property(conditions, (when) => {
        const printed = printConditions(when);
        const read = parseConditions(printed);
        expect(read).toEqual({ when: printed.length === 0 ? undefined : when });
      }),
    );
    expect(parseConditions(['version=1.4.*', 'hits>=3', 'platform=linux-*'])).toEqual({
      when: { programVersion: '1.4.*', hits: { atLeast: 3 }, platforms: ['linux-*'] },
    });
    for (const slip of ['versoin >1', 'hits 3', 'hits >= many', 'platform Linux!', 'version >>1', '']) {
      expect(parseConditions([slip])).toMatchObject({
        problem: expect.stringContaining(slip.split(' ').at(-1) ?? ''),
      });
    }
  });

  test('are signed: an approval and a signature hold for them and for no others', () => {
    const types = [{ type: 'stack', count: 1 }];
    const demand = demandOf(types, { when: { programVersion: '>=2' } });
    const { when: _when, ...without } = demand.terms;
    const trust = { pinned: vendorKey.keyId, publicKey: vendorKey.publicKey, now: NOW, maxLifeMs: 30 * DAY };
    expect(checkDemand(demand, trust)).toBeUndefined();
    for (const terms of [without, { ...without, when: { programVersion: '>=1' } }]) {
      expect(checkDemand({ ...demand, terms }, trust)).toBe('bad-signature');
      expect(termsHash(terms)).not.toBe(termsHash(demand.terms));
    }
  });

  test.each([
    [undefined, undefined, 'upload'],
    [{ programVersion: '>=2 <3' }, undefined, 'upload'],
    [{ programVersion: '>=3' }, undefined, 'keep'],
    [{ platforms: ['linux-*'] }, 'linux-x64', 'upload'],
    [{ platforms: ['linux-*'] }, 'win32-x64', 'keep'],
    [{ platforms: ['linux-*'] }, undefined, 'keep'],
  ] as const)('decide about an entry, whatever a quota says: %j on %s: %s', (when, platform, verdict) => {
    const demand = demandOf([{ type: 'stack', count: 5 }], when ? { when } : {});
    const input: DecisionInput = {
      entry: {
        header: { ...headerOf(['stack']), ...(platform ? { platform } : {}) },
        state: 'pending',
        receipts: [],
      },
      demands: [storedOf(demand)],
      quotas: [{ demandId: demand.terms.id, bucketId: id, type: 'stack', count: 5 }],
      policy: DEFAULT_POLICY,
      to: VENDOR,
      programs: ['shop'],
      now: NOW,
    };
    expect(decide(input).verdict).toBe(verdict);
  });
});
