import { expect, it } from 'vitest';
import { scrubText, scrubTree } from '../src/index.ts';
import { cleanTexts } from './corpus/clean.ts';
import { plantedSecrets } from './corpus/planted.ts';
import { ranTexts } from './corpus/ran.ts';

const SEEDS = [1, 20260101, 77];

it.each(SEEDS)('removes at least 99 % of the planted secrets (seed %i)', (seed) => {
  const planted = plantedSecrets(seed, 60);
  const missed = planted.filter(({ text, secret }) => scrubText(text).text.includes(secret));
  expect(missed.length, JSON.stringify(missed.slice(0, 8), null, 1)).toBeLessThanOrEqual(
    planted.length * 0.01,
  );
});

it('misses at most one in ten of any one kind', () => {
  const planted = plantedSecrets(5, 100);
  const missed = new Map<string, number>();
  for (const { kind, text, secret } of planted) {
    if (scrubText(text).text.includes(secret)) missed.set(kind, (missed.get(kind) ?? 0) + 1);
  }
  expect([...missed].filter(([, count]) => count > 10)).toEqual([]);
});

it.each(SEEDS)('leaves at least 95 % of clean stacks untouched (seed %i)', (seed) => {
  const clean = cleanTexts(seed, 500);
  const changed = clean.filter((text) => scrubText(text).text !== text);
  expect(
    changed.length,
    changed
      .slice(0, 3)
      .map((text) => scrubText(text).text)
      .join('\n\n'),
  ).toBeLessThanOrEqual(25);
});

it('leaves what failing programs really print untouched', () => {
  const texts = ranTexts();
  expect(texts.filter((text) => !/\n\s+at /.test(text) && !text.includes('Error'))).toEqual([]);
  expect(texts.filter((text) => scrubText(text).text !== text)).toEqual([]);
}, 60_000);

it('finds the same inside a tree', () => {
  const planted = plantedSecrets(9, 20);
  const out = JSON.stringify(scrubTree(planted.map(({ text }) => ({ text }))).value);
  const missed = planted.filter(({ secret }) => out.includes(secret));
  expect(missed.length).toBeLessThanOrEqual(planted.length * 0.01);
});
