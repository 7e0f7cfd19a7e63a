import { MAX_DEMAND_LIFE_MS, MAX_SUCCESSIONS } from '@fr/protocol';
import {
  checkDemand,
  followSuccession,
  generateSigningKey,
  type PresentedKey,
  type SigningKey,
  signDemand,
  signSuccession,
} from '@fr/protocol/signature';
import { describe, expect, test } from 'vitest';
import vectors from './vectors/succession.json' with { type: 'json' };

const AT = Date.UTC(2026, 0, 1);
const [first, second, third, stranger] = Array.from({ length: 4 }, generateSigningKey) as [
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
];
const toSecond = signSuccession(first, second, AT);
const toThird = signSuccession(second, third, AT + 1);

function knownAfter(known: readonly string[], key: SigningKey, succession = [toSecond, toThird]) {
  const followed = followSuccession(known, { key: key.publicKey, succession });
  return typeof followed === 'string' ? followed : followed.known;
}

describe('a key that took the place of another', () => {
  test('is followed from any key of its chain, one step or several', () => {
    expect(knownAfter([first.keyId], third)).toEqual([first.keyId, second.keyId, third.keyId]);
    expect(knownAfter([first.keyId, second.keyId], third)).toEqual([first.keyId, second.keyId, third.keyId]);
    expect(knownAfter([third.keyId], third)).toEqual([third.keyId]);
    expect(knownAfter([first.keyId], first, [])).toEqual([first.keyId]);
  });

  test('is not given back: who has followed refuses the earlier one, with or without a chain', () => {
    const known = [first.keyId, second.keyId];
    expect(knownAfter(known, first, [])).toBe('retired-key');
    expect(knownAfter(known, first, [signSuccession(second, first, AT + 2)])).toBe('retired-key');
    const around = [signSuccession(second, third, AT), signSuccession(third, first, AT)];
    expect(knownAfter(known, first, around)).toBe('retired-key');
    // A second successor of a key that has one already.
    expect(knownAfter(known, stranger, [signSuccession(first, stranger, AT + 5)])).toBe('foreign-key');
  });

  test('is refused where the chain is foreign, altered, broken, circular, backwards or too long', () => {
    expect(knownAfter([stranger.keyId], third)).toBe('foreign-key');
    expect(knownAfter([first.keyId], stranger, [])).toBe('foreign-key');
    const bad = [
      [toSecond],
      [toThird, toSecond],
      [toSecond, { ...toThird, at: AT + 2 }],
      [{ ...toSecond, given: toThird.given }, toThird],
      [{ ...toSecond, taken: toThird.taken }, toThird],
      [signSuccession(first, second, AT + 9), toThird],
      [toSecond, signSuccession(second, first, AT), signSuccession(first, third, AT + 1)],
    ];
    for (const chain of bad) expect(knownAfter([first.keyId], third, chain)).toBe('bad-succession');
    const keys = Array.from({ length: MAX_SUCCESSIONS + 2 }, generateSigningKey);
    const links = keys.slice(1).map((key, place) => signSuccession(keys[place] ?? key, key, AT + place));
    const last = keys.at(-1) ?? stranger;
    expect(knownAfter([keys[0]?.keyId ?? ''], last, links)).toBe('bad-succession');
    expect(knownAfter([keys[1]?.keyId ?? ''], last, links.slice(1))).toHaveLength(MAX_SUCCESSIONS + 1);
  });

  test('keeps what the earlier one asked for, and lets it ask for nothing more', () => {
    const followed = followSuccession([first.keyId], {
      key: third.publicKey,
      succession: [toSecond, toThird],
    });
    if (typeof followed === 'string') throw new Error(followed);
    const trust = { pinned: third.keyId, publicKey: third.publicKey, retired: followed.retired };
    const terms = {
      id: 'd-1',
      pattern: { program: 'till' },
      types: [{ type: 'stack', count: 1 }],
      each: 'demand',
      reason: 'r',
      author: 'a',
    } as const;
    const check = (key: SigningKey, version: number, until: number) =>
      checkDemand(signDemand({ ...terms, version, until }, key), {
        ...trust,
        now: AT + 60_000,
        maxLifeMs: MAX_DEMAND_LIFE_MS,
      });
    const until = AT + MAX_DEMAND_LIFE_MS - 1;
    expect(check(third, AT + 60_000, until)).toBeUndefined();
    expect(check(first, AT - 1, until)).toBeUndefined();
    expect(check(second, AT, until)).toBeUndefined();
    expect(check(first, AT + 60_000, until)).toBe('retired-key');
    expect(check(first, AT - 1, AT + MAX_DEMAND_LIFE_MS + 60_000)).toBe('retired-key');
    expect(check(stranger, AT - 1, until)).toBe('foreign-key');
    const altered = signDemand({ ...terms, version: AT - 1, until }, first);
    expect(
      checkDemand(
        { ...altered, terms: { ...altered.terms, reason: 'other' } },
        { ...trust, now: AT, maxLifeMs: MAX_DEMAND_LIFE_MS },
      ),
    ).toBe('bad-signature');
  });

  test.each(vectors.cases)('as in vector %#', ({ known, presented, follows, refused }) => {
    const followed = followSuccession(known, presented as PresentedKey);
    expect(typeof followed === 'string' ? followed : followed.known).toEqual(follows ?? refused);
  });
});
