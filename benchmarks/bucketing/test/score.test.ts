import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCorpus } from '../src/corpus-file.ts';
import { FR } from '../src/score/bucketing.ts';
import { assignmentsOf, eachOnce, judgedCases } from '../src/score/judged-case.ts';
import { measuresOf } from '../src/score/measures.ts';

/** What the package promises; merges stand at 2.0 %, and nothing may make them more. */
const LIMITS = {
  bucket: { bCubedF1: 0.96, secondBucket: 0.04, merge: 0.0205 },
  problem: { bCubedF1: 0.95, secondBucket: 0.04, merge: 0.0215 },
};

const corpus = eachOnce(readCorpus(join(import.meta.dirname, '..', 'corpus')));
const judged = judgedCases(FR, corpus);

/** SHA-256 over the keys of all cases, in order. A change of it is a change of scheme v1: `src/diff.ts` shows which. */
const KEYS_OF_V1 = 'c82280f7e6c92e9f39c50a911455664ffe896b8650a8765e90b92a5a261dab31';

it('scheme v1 names the place of every case as it always did', () => {
  const keys = judged.map(({ verdict }) => `${verdict.bucket}\n`).join('');
  expect(createHash('sha256').update(keys).digest('hex')).toBe(KEYS_OF_V1);
});

it('the corpus is large enough to be trusted', () => {
  expect(corpus.cases.length).toBeGreaterThanOrEqual(2500);
  expect(new Set(corpus.cases.map(({ fault }) => fault)).size).toBeGreaterThanOrEqual(60);
});

it.each(['bucket', 'problem'] as const)('faults and %ss match as well as they did', (level) => {
  const { bCubed, secondBucket, merge } = measuresOf(assignmentsOf(judged, level));
  const limit = LIMITS[level];
  expect(bCubed.f1).toBeGreaterThanOrEqual(limit.bCubedF1);
  expect(secondBucket).toBeLessThanOrEqual(limit.secondBucket);
  expect(merge).toBeLessThanOrEqual(limit.merge);
});
