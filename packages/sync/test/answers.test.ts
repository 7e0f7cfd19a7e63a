import { type Bucket, bucketId, problemId } from '@fr/bucket';
import type { SignedVendorAnswer } from '@fr/protocol';
import { generateSigningKey, signVendorAnswer } from '@fr/protocol/signature';
import {
  acceptAnswers,
  answersPassedOn,
  createHeardAnswers,
  createVendorAnswers,
  DEFAULT_POLICY,
  type HeardAnswers,
  type PassingOn,
  type VendorAnswerStore,
} from '@fr/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucket, bucketOf, DAY, NOW, VENDOR, vendorKey } from './fixture.ts';

const later: Bucket = { ...bucket, programVersion: '2.2.0' };
const passing: PassingOn = { policy: DEFAULT_POLICY, programs: ['shop'], now: NOW };

function answerOf(terms: Partial<SignedVendorAnswer['terms']> = {}, key = vendorKey): SignedVendorAnswer {
  const { keyId: _keyId, ...rest } = terms;
  const usual = { id: 'a-1', version: NOW, pattern: { program: 'shop' }, text: 'Known.', until: NOW + DAY };
  return signVendorAnswer({ ...usual, ...rest }, key);
}

function settings() {
  const kept = new Map<string, unknown>();
  return {
    kept,
    read: async (name: string) => kept.get(name),
    write: async (name: string, value: unknown) => {
      kept.set(name, JSON.parse(JSON.stringify(value)));
    },
  };
}

function storeOf(offered: Readonly<Record<string, readonly Bucket[]>> = {}): VendorAnswerStore {
  return {
    settings: settings(),
    queries: {
      buckets: async ({ originId = '', bucketId: id, program }) => ({
        rows: (offered[originId] ?? [])
          .filter(
            (one) => (id ?? bucketId(one)) === bucketId(one) && (program ?? one.program) === one.program,
          )
          .map((one) => ({ bucket: one })),
      }),
    },
  };
}

function hear(heard: HeardAnswers, answers: readonly SignedVendorAnswer[], more: object = {}) {
  const { keyId: pinned, publicKey } = vendorKey;
  return heard.hear({ source: VENDOR, answers, pinned, publicKey, now: NOW, ...more });
}

describe('answers of a vendor', () => {
  test('are signed, keep their id when they say something else, and never fall back to an earlier version', async () => {
    let now = NOW;
    const answers = createVendorAnswers({ store: storeOf(), key: vendorKey, now: () => now });
    const pattern = { bucketId: bucketId(bucket) };
    const first = await answers.set({ pattern, text: 'We look into it.' });
    now -= 5 * DAY;
    const second = await answers.set({ pattern, text: 'Fixed.', fixedIn: '2.2.0' });
    expect(second.terms).toMatchObject({ id: first.terms.id, version: NOW + 1, text: 'Fixed.' });
    expect(await answers.list()).toEqual([second]);
    expect(await answers.remove(second.terms.id)).toBe(true);
    expect(await answers.remove(second.terms.id)).toBe(false);
    const third = await answers.set({ pattern, text: 'Not fixed after all.' });
    expect(third.terms.version).toBe(NOW + 2);
  });

  test.each([
    [{ pattern: {}, text: 'x' }, 'a bucket, a problem'],
    [{ pattern: { program: '*' }, text: 'x' }, 'named without *'],
    [{ pattern: { program: 'shop' }, text: '' }, 'characters'],
    [{ pattern: { program: 'shop' }, text: 'x', link: 'http://plain.example' }, 'https'],
    [{ pattern: { program: 'shop' }, text: 'x', until: NOW }, 'over before'],
    [{ pattern: { program: 'shop' }, text: 'x', until: NOW + 401 * DAY }, '400 days'],
  ])('that could not be told are refused: %j', async (content, why) => {
    const answers = createVendorAnswers({ store: storeOf(), key: vendorKey, now: () => NOW });
    await expect(answers.set(content)).rejects.toMatchObject({
      code: 'invalid-answer',
      message: expect.stringContaining(why),
    });
    expect(await answers.list()).toEqual([]);
  });

  test('go to those sites that have offered a bucket they speak of, as long as they are in force', async () => {
    let now = NOW;
    const store = storeOf({ north: [bucket], south: [bucketOf('till')] });
    const answers = createVendorAnswers({ store, key: vendorKey, now: () => now });
    const about = await answers.set({ pattern: { bucketId: bucketId(bucket) }, text: 'a', until: NOW + DAY });
    const all = await answers.set({ pattern: { program: 'shop', programVersion: '2.*' }, text: 'b' });
    await answers.set({ pattern: { program: 'shop', programVersion: '3.*' }, text: 'c' });
    expect(await answers.forOrigin('north')).toEqual([all, about]);
    expect(await answers.forOrigin('south')).toEqual([]);
    now += DAY;
    expect(await answers.forOrigin('north')).toEqual([all]);
  });

  test('are believed only as they were signed, by the pinned key, in their time, and not rolled back', () => {
    const good = answerOf();
    const trust = { pinned: vendorKey.keyId, publicKey: vendorKey.publicKey, now: NOW };
    const other = generateSigningKey();
    const cases: readonly (readonly [SignedVendorAnswer, string, object?])[] = [
      [{ ...good, terms: { ...good.terms, text: 'Send us your password.' } }, 'bad-signature'],
      [answerOf({}, other), 'foreign-key'],
      [answerOf({}, other), 'foreign-key', { publicKey: other.publicKey }],
      [answerOf({ until: NOW }), 'expired'],
      [answerOf({ until: NOW + 402 * DAY }), 'too-long'],
      [answerOf({ version: NOW - 1 }), 'rolled-back', { seen: new Map([['a-1', NOW]]) }],
    ];
    for (const [answer, reason, more] of cases) {
      const said = acceptAnswers({ answers: [answer], seen: new Map(), ...trust, ...more });
      expect(said).toEqual({ answers: [], rejected: [{ answerId: 'a-1', reason }] });
    }
    const twice = acceptAnswers({ answers: [good, good], seen: new Map(), ...trust });
    expect(twice).toEqual({ answers: [good], rejected: [{ answerId: 'a-1', reason: 'listed-twice' }] });
  });

  test('are remembered by a site with their versions, also when they are listed no more, and over a restart', async () => {
    const kept = settings();
    const heard = createHeardAnswers(kept);
    const answer = answerOf({ version: NOW + 5 });
    await hear(heard, [answer]);
    expect(await heard.list()).toEqual([{ source: VENDOR, answer }]);
    await hear(heard, []);
    expect(await heard.list()).toEqual([]);
    const again = createHeardAnswers(kept);
    expect((await hear(again, [answerOf({ version: NOW + 4 })])).rejected).toMatchObject([
      { reason: 'rolled-back' },
    ]);
    expect(await again.list()).toEqual([]);
  });

  test('are told about the bucket or its problem, the newest of each, where the site says nothing itself', () => {
    const heard = [
      answerOf({ id: 'a-old', text: 'old', version: 1 }),
      answerOf({ id: 'a-new', text: 'new', version: 3, link: 'https://shop.example' }),
      answerOf({ id: 'a-p', text: 'problem', version: 2, pattern: { problemId: problemId(bucket) } }),
      answerOf({ id: 'a-other', text: 'other', pattern: { program: 'till' } }),
    ].map((answer) => ({ source: VENDOR, answer }));
    const about = bucketId(later);
    expect(answersPassedOn(heard, later, new Set(), passing)).toEqual([
      { about, version: 3, text: 'new', link: 'https://shop.example' },
      { about: problemId(bucket), version: 2, text: 'problem' },
    ]);
    expect(answersPassedOn(heard, later, new Set([about]), passing)).toMatchObject([{ text: 'problem' }]);
  });

  test('are told of no program that is not listed for their vendor, nor against the policy, nor after their end', () => {
    fc.assert(
      fc.property(
        fc.record({ listed: fc.boolean(), on: fc.boolean(), inTime: fc.boolean() }),
        ({ listed, on, inTime }) => {
          const told = answersPassedOn([{ source: VENDOR, answer: answerOf() }], bucket, new Set(), {
            policy: on ? DEFAULT_POLICY : { ...DEFAULT_POLICY, answers: 'off' },
            programs: listed ? ['sh*'] : ['till'],
            now: inTime ? NOW : NOW + DAY,
          });
          expect(told.length).toBe(listed && on && inTime ? 1 : 0);
        },
      ),
    );
  });
});
